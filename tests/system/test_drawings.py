"""Pictures take megabytes: what one was made of is gone when it is there, and a photo with its
forgetting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

DRAWING = """
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


PHOTO = """
import json, sys
import linli.kiosk.theme.stage  # first: it settles Kivy's settings, and opens the window
from kivy.cache import Cache
from linli.kiosk.screens.visit.ware_picture import forget_photos, texture_of

size = texture_of(sys.argv[1]).size
forget_photos()
kept = [name for kind in ("kv.image", "kv.texture") for name in Cache._objects[kind]]
print(json.dumps([size, [name for name in kept if sys.argv[1] in name]]))
"""


def told(script: str, *arguments: str) -> object:
    """What a program of its own writes: Kivy keeps one window and much global state a process."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
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
    return json.loads(done.stdout.splitlines()[-1])


def test_a_drawing_that_is_done_leaves_no_sheet_in_memory() -> None:
    assert told(DRAWING) == [[96, 96], 3, []]


def test_a_photo_that_is_forgotten_is_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "ware.jpg"
    Image.new("RGB", (40, 30), "#804020").save(path)
    assert told(PHOTO, str(path)) == [[30, 30], []]
