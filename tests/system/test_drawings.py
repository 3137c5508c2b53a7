"""Pictures take megabytes: what one was made of is gone when it is there, and a photo with its
forgetting."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.system.kivy_program import told

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


def test_a_drawing_that_is_done_leaves_no_sheet_in_memory() -> None:
    assert told(DRAWING) == [[96, 96], 3, []]


def test_a_photo_that_is_forgotten_is_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "ware.jpg"
    Image.new("RGB", (40, 30), "#804020").save(path)
    assert told(PHOTO, str(path)) == [[30, 30], []]
