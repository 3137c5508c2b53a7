"""A finger that touches the same place again does the same again, or nothing."""

from __future__ import annotations

from tests.system.kivy_program import told

TURNING = """
import json
from dataclasses import replace
import linli.kiosk.theme.stage  # first: it settles Kivy's settings, and opens the window
from linli.kiosk.screens.visit.points import PointsScreen
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import Look
from linli.kiosk.theme.words import Words
from tests.system.visit_samples import POINTS

screen = PointsScreen(Words("zh_CN"), print, print)

def places(*, earlier, later):
    view = replace(POINTS, earlier=earlier, later=later)
    screen.put(Rect(0, 0, 1280, 800), Look((1280, 800)), view, 30)
    buttons = {"older": screen._older, "newer": screen._newer}
    return {name: [b.rect.x, b.rect.y] for name, b in buttons.items() if b in screen.children}

turns = [(True, False), (True, True), (False, True)]
print(json.dumps([places(earlier=e, later=l) for e, l in turns]))
"""
GONE = """
import json
from dataclasses import replace
import linli.kiosk.theme.stage  # first: it settles Kivy's settings, and opens the window
from linli.kiosk.screens.visit.shop import WareTile
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import Look
from linli.kiosk.theme.words import Words
from tests.system.visit_samples import SOAP

done = []
tile = WareTile(Words("zh_CN"), done.append)
for left in (3, 0, 1):
    tile.put_ware(Rect(0, 0, 600, 120), Look((1280, 800)), replace(SOAP, left=left))
    tile.dispatch("on_release")
print(json.dumps(len(done)))
"""


def test_newer_never_comes_to_stand_where_older_was() -> None:
    first, amid, last = told(TURNING)
    assert first.keys() == {"older"}
    assert last.keys() == {"newer"}
    assert first["older"] == amid["older"]
    assert amid["newer"] == last["newer"] != amid["older"]


def test_what_is_gone_cannot_be_asked_for() -> None:
    assert told(GONE) == 2
