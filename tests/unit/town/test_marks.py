"""What is measured between the marks of terminal and board."""

from __future__ import annotations

import json
from pathlib import Path

from linli.town.marks import DayMarks


def test_a_screen_that_somebody_turns_to_later_is_no_answer_to_their_tap(tmp_path: Path) -> None:
    kiosk = tmp_path / "kiosk.trace"
    marks = [
        {"trace": "t", "what": "seen", "monotonic": 10.0},
        {"trace": "t", "what": "frame", "monotonic": 10.02, "view": "success"},
        {"trace": "t", "what": "frame", "monotonic": 17.0, "view": "phonelink"},
    ]
    kiosk.write_text("".join(json.dumps(mark) + "\n" for mark in marks), encoding="utf-8")
    frames = DayMarks(kiosk, tmp_path / "board.trace").frames()
    assert [round(seconds, 2) for seconds in frames] == [0.02]
