"""What is measured between the marks of terminal and board."""

from __future__ import annotations

import json
from pathlib import Path

from linli.town.marks import DayMarks


def frames(tmp_path: Path, *views: tuple[str, float]) -> list[float]:
    """From a tap at 10 s to what answered it."""
    kiosk = tmp_path / "kiosk.trace"
    marks = [{"trace": "t", "what": "seen", "monotonic": 10.0}]
    marks += [
        {"trace": "t", "what": "frame", "monotonic": moment, "view": view} for view, moment in views
    ]
    kiosk.write_text("".join(json.dumps(mark) + "\n" for mark in marks), encoding="utf-8")
    found = DayMarks(kiosk, tmp_path / "board.trace").frames()
    return [round(seconds, 2) for seconds in found]


def test_a_screen_that_somebody_turns_to_later_is_no_answer_to_their_tap(tmp_path: Path) -> None:
    assert frames(tmp_path, ("success", 10.02), ("phonelink", 17.0)) == [0.02]


def test_a_tap_that_only_opened_somebody_s_points_is_not_measured_by_a_later_screen(
    tmp_path: Path,
) -> None:
    assert frames(tmp_path, ("phonelink", 17.0)) == []
