"""A drawing is made on sheets of megabytes, which are gone when it is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import gc, json, weakref
import linli.kiosk.theme.stage  # first: it settles Kivy's settings, and opens the window
from linli.kiosk.theme import drawings

sheets, copied = [], drawings._copied

def watched(whole):
    sheets.extend(weakref.ref(sheet.texture) for sheet in drawings._sheets())
    return copied(whole)

drawings._copied = watched
gc.disable()
shown = drawings._picture("voucher", 96, "#ffffff", 0)
print(json.dumps([shown.size, len(sheets), [ref().size for ref in sheets if ref()]]))
"""


def test_a_drawing_that_is_done_leaves_no_sheet_in_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={
            **os.environ,
            "SDL_VIDEODRIVER": "offscreen",
            "LP_NUM_THREADS": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    size, watched, left = json.loads(done.stdout.splitlines()[-1])
    assert (size, watched, left) == ([96, 96], 3, [])
