"""Kivy's settings, which it reads from the environment when first imported, and what it need not
load: import this before it.

What the caller's environment says already stays: an installed terminal sets
`KCFG_GRAPHICS_FULLSCREEN=auto` and its touchscreen, the simulated town places its windows.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import ModuleType

SETTINGS = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    # One way to read a picture is enough: the others bring another library each.
    "KIVY_IMAGE": "sdl2",
    # See `_without_asyncio`.
    "KIVY_EVENTLOOP": "trio",
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
NO_RULES = Path(__file__).with_name("no_rules")
"""Holds an empty style.kv."""

for _name, _value in SETTINGS.items():
    os.environ.setdefault(_name, _value)


def _without_rules() -> None:
    """Kivy's rules say how its own buttons, sliders and lists look, of which we use none: to parse
    them takes a sixth of the time to the first frame."""
    import kivy

    kept, kivy.kivy_data_dir = kivy.kivy_data_dir, str(NO_RULES)
    import kivy.lang.builder  # reads them when it is imported

    kivy.kivy_data_dir = kept


def _without_asyncio() -> None:
    """Beside its clock Kivy makes an event of an asynchronous library, for apps that are run by
    one. Ours are not; asyncio would be loaded for it, 25 ms and 4 MB. trio, the other one that Kivy
    knows, is stood in for while the clock is made."""
    stands_in = ModuleType("trio")
    vars(stands_in)["Event"] = threading.Event
    sys.modules["trio"] = stands_in
    try:
        import kivy.clock  # noqa: F401
    finally:
        del sys.modules["trio"]


_without_asyncio()
_without_rules()
