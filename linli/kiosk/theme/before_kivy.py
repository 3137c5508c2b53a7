"""Kivy's settings, which it reads from the environment when first imported: import this before it.

What the caller's environment says already stays: an installed terminal sets
`KCFG_GRAPHICS_FULLSCREEN=auto` and its touchscreen, the simulated town places its windows.
"""

from __future__ import annotations

import os

SETTINGS = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    # A thread's wish is drawn at once, not at the next turn of an idle loop.
    "KIVY_CLOCK": "interrupt",
    "KCFG_KIVY_EXIT_ON_ESCAPE": "0",
    "KCFG_GRAPHICS_WIDTH": "1280",
    "KCFG_GRAPHICS_HEIGHT": "800",
    # Measured: multisampling halves the frame rate of software GL. Edges are smoothed in drawing.
    "KCFG_GRAPHICS_MULTISAMPLES": "0",
    # Nothing on these screens moves faster, and an idle loop costs by its turns.
    "KCFG_GRAPHICS_MAXFPS": "30",
    "KCFG_INPUT_MOUSE": "mouse,disable_multitouch",
}

for _name, _value in SETTINGS.items():
    os.environ.setdefault(_name, _value)
