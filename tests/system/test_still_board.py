"""A board moves where something changed, and nowhere else: what moves is most of what it costs."""

from __future__ import annotations

from tests.system.kivy_program import told

SCRIPT = """
import datetime as dt, json
from dataclasses import replace
import linli.kiosk.theme.stage  # first: it settles Kivy's settings, and opens the window
from doubles.views import board_with_nobody
from linli.board.state import Latest, Rank
from linli.kiosk.board.drawing import BoardView
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.words import Words
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
first, second = (Rank(f"r-{n}", n, "李*", "3号楼", 50 - 10 * n, 5) for n in (1, 2))
latest = Latest("m-1", "李*", "清扫楼道", 5, NOW)
board = replace(board_with_nobody(NOW), ranks=(first, second), latest=(latest,), record=1)
passed = (replace(second, rank=1, posted=60), replace(first, rank=2))
view = BoardView(Words("zh_CN"))

def moves(state):
    return view.put(Rect(0, 0, 1920, 1080), state, animated=True) > 0

moves(board)
print(json.dumps({
    "a minute later": moves(replace(board, now=NOW + dt.timedelta(minutes=1))),
    "with more points": moves(replace(board, ranks=(first, replace(second, pending=9)))),
    "the same once more": moves(replace(board, ranks=(first, replace(second, pending=9)))),
    "passed by": moves(replace(board, ranks=passed)),
    "with a deed": moves(replace(board, ranks=passed, latest=(replace(latest, id="m-2"), latest))),
}))
"""


def test_lines_that_stay_where_they_are_are_not_drawn_on_their_way() -> None:
    assert told(SCRIPT) == {
        "a minute later": False,
        "with more points": True,
        "the same once more": False,
        "passed by": True,
        "with a deed": True,
    }
