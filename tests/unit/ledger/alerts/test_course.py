"""The course of an alert: what flaps is none, or is one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ledger.alerts.course import Course, Turn, step
from tests.unit.ledger.alerts.devices import NOW, minutes

HOLD, CALM = minutes(5), minutes(2)


def walk(*seen: bool | None) -> list[Turn | None]:
    """A look each minute."""
    course: Course | None = None
    turns = []
    for minute, met in enumerate(seen):
        course, turn = step(course, met, NOW + minutes(minute), HOLD, CALM)
        turns.append(turn)
    return turns


def test_a_fault_that_holds_begins_once_and_ends_once() -> None:
    turns = walk(*[True] * 8, *[False] * 4)
    assert [(at, turn) for at, turn in enumerate(turns) if turn] == [
        (5, Turn.BEGAN),
        (10, Turn.ENDED),
    ]


def test_a_fault_that_is_over_sooner_is_no_alert() -> None:
    assert not any(walk(*[True, True, True, True, False] * 5))


def test_a_fault_that_comes_back_at_once_is_the_same_alert() -> None:
    turns = walk(*[True] * 6, *[False, True] * 10)
    assert [turn for turn in turns if turn] == [Turn.BEGAN]


def test_what_nobody_can_tell_changes_nothing() -> None:
    turns = walk(*[True] * 6, *[None] * 60, True)
    assert [turn for turn in turns if turn] == [Turn.BEGAN]
    assert not any(walk(None, None, None))


def test_a_clock_that_was_put_back_does_not_keep_an_alert_waiting() -> None:
    course, _ = step(Course(NOW + minutes(600)), True, NOW, HOLD, CALM)
    assert course is not None
    _, turn = step(course, True, NOW + HOLD, HOLD, CALM)
    assert turn is Turn.BEGAN


@settings(max_examples=60)
@given(st.lists(st.sampled_from([True, False, None]), max_size=40))
def test_begins_and_ends_take_turns(seen: list[bool | None]) -> None:
    turns = [turn for turn in walk(*seen) if turn]
    assert turns[::2] == [Turn.BEGAN] * len(turns[::2])
    assert turns[1::2] == [Turn.ENDED] * len(turns[1::2])
