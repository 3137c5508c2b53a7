"""What the terminal's benchmark reads from the marks of running programs."""

from __future__ import annotations

import pytest

from linli.benchmarks.screens import Watched, answers, frames_per_second, opened
from linli.town.fumbling import Touch


def mark(what: str, at: float, view: str) -> dict[str, object]:
    return {"trace": "", "what": what, "monotonic": at, "view": view}


def test_a_screen_s_first_opening_is_told_apart_from_later_ones() -> None:
    found = opened(
        [
            mark("shown", 1.0, "Shop"),
            mark("opened", 1.1, "shop"),
            mark("shown", 2.0, "Home"),
            mark("opened", 2.01, "home"),
            mark("shown", 3.0, "Shop"),
            mark("opened", 3.02, "shop"),
        ]
    )
    assert found.first == pytest.approx({"shop": 0.1, "home": 0.01})
    assert found.later == {"shop": pytest.approx([0.02])}


def test_a_screen_that_changes_is_not_opened_again() -> None:
    found = opened(
        [
            mark("shown", 1.0, "Points"),
            mark("opened", 1.1, "points"),
            mark("shown", 2.0, "Points"),
            mark("shown", 3.0, "Home"),
            mark("opened", 3.1, "home"),
        ]
    )
    assert not found.later


def test_the_first_frame_of_all_is_no_opening() -> None:
    assert not opened([mark("shown", 1.0, "Home"), mark("first-frame", 2.0, "first-frame")]).first


def test_a_touch_is_answered_by_the_first_frame_after_it_was_felt() -> None:
    touches = [Touch(1.0, 5, 5), Touch(2.0, 90, 40), Touch(3.0, 7, 7)]
    watched = Watched((Touch(2.01, 90, 40),), (1.5, 2.005, 2.03, 2.5))
    assert answers(touches, watched) == pytest.approx([0.03])


def test_frames_are_counted_only_while_something_moves() -> None:
    moving = [10 + n / 25 for n in range(16)]
    assert frames_per_second([1.0, 5.0, *moving, 20.0]) == pytest.approx(25)
