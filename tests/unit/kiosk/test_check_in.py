"""What a known card's tap means: the rules of kiosk/flows/check_in.py, one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.flows.check_in import Ask, Decline, Enter, Leave, decide, decide_choice
from linli.kiosk.flows.views import Trouble
from linli.sync.messages import ActivityRow, AttendanceRow
from linli.sync.periods import SHANGHAI
from linli.sync.rules import check_in_open

NINE = dt.datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)


def after(minutes: float) -> dt.datetime:
    return NINE + dt.timedelta(minutes=minutes)


def activity(
    name: str = "patrol", start: float = 0, length: float = 120, minutes: int | None = None
) -> ActivityRow:
    return ActivityRow(
        id=name,
        title=name,
        item="B01",
        points=10,
        place="gate",
        starts_at=after(start),
        ends_at=after(start + length),
        centre="centre",
        early_min=30,
        late_min=30,
        out_late_min=60,
        min_minutes=minutes,
    )


def came(name: str, at: float, out: float | None = None) -> dict[str, AttendanceRow]:
    out_at = after(out) if out is not None else None
    return {name: AttendanceRow(account="a", activity=name, in_at=after(at), out_at=out_at)}


def test_one_open_activity_needs_only_the_tap() -> None:
    patrol = activity()
    assert decide(after(5), [patrol], {}) == Enter(patrol)


@pytest.mark.parametrize(("minute", "open_"), [(-31, False), (-30, True), (30, True), (31, False)])
def test_the_early_and_late_windows_are_kept(minute: float, open_: bool) -> None:
    decision = decide(after(minute), [activity()], {})
    assert isinstance(decision, Enter) is open_


def test_several_open_activities_are_offered() -> None:
    patrol, tidy = activity("patrol"), activity("tidy")
    assert decide(after(0), [patrol, tidy], {}) == Ask((patrol, tidy))


def test_an_activity_already_attended_is_not_offered_again() -> None:
    patrol, tidy = activity("patrol"), activity("tidy")
    assert decide(after(1), [patrol, tidy], came("patrol", 0)) == Enter(tidy)


def test_a_second_tap_where_one_is_enough_says_it_is_done() -> None:
    patrol = activity()
    decision = decide(after(1), [patrol], came("patrol", 0))
    assert decision == Decline(Trouble.ALREADY_DONE, patrol)


def test_a_tap_after_the_minimum_time_signs_out() -> None:
    patrol = activity(minutes=60)
    assert decide(after(60), [patrol], came("patrol", 0)) == Leave(patrol)


def test_a_tap_too_early_tells_the_minutes_that_remain() -> None:
    patrol = activity(minutes=60)
    decision = decide(after(20.5), [patrol], came("patrol", 0))
    assert decision == Decline(Trouble.TOO_EARLY, patrol, minutes=40, sign_out_after=after(60))


def test_after_the_sign_out_window_the_tap_no_longer_signs_out() -> None:
    patrol = activity(minutes=60)
    decision = decide(after(181), [patrol], came("patrol", 0))
    assert decision == Decline(Trouble.NOTHING_OPEN)


def test_a_sign_out_goes_before_a_new_check_in() -> None:
    patrol, tidy = activity("patrol", minutes=60), activity("tidy", start=60)
    assert decide(after(65), [patrol, tidy], came("patrol", 0)) == Leave(patrol)


def test_with_nothing_open_the_next_activity_is_named() -> None:
    evening = activity("forum", start=600)
    assert decide(after(0), [evening], {}) == Decline(Trouble.NOTHING_OPEN, next_activity=evening)


def test_a_cancelled_activity_does_not_exist() -> None:
    import msgspec

    cancelled = msgspec.structs.replace(activity(), cancelled=True)
    assert decide(after(0), [cancelled], {}) == Decline(Trouble.NOTHING_OPEN)


def test_a_choice_is_taken() -> None:
    patrol, tidy = activity("patrol"), activity("tidy")
    assert decide_choice(after(0), "tidy", [patrol, tidy], {}) == Enter(tidy)


def test_a_choice_that_closed_meanwhile_is_told() -> None:
    tidy = activity("tidy")
    assert decide_choice(after(31), "tidy", [tidy], {}) == Decline(Trouble.CLOSED_MEANWHILE, tidy)


def test_a_choice_made_twice_counts_once() -> None:
    tidy = activity("tidy")
    decision = decide_choice(after(1), "tidy", [tidy], came("tidy", 0))
    assert decision == Decline(Trouble.ALREADY_DONE, tidy)


moments = st.floats(min_value=-60, max_value=400, allow_nan=False)


@given(
    now=moments,
    starts=st.lists(st.integers(-60, 300), min_size=0, max_size=4),
    minutes=st.one_of(st.none(), st.integers(1, 120)),
    arrivals=st.dictionaries(st.integers(0, 3), moments, max_size=4),
)
def test_nobody_enters_twice_or_into_a_closed_activity(
    now: float, starts: list[int], minutes: int | None, arrivals: dict[int, float]
) -> None:
    activities = [activity(str(n), start, minutes=minutes) for n, start in enumerate(starts)]
    attendances: dict[str, AttendanceRow] = {}
    for n, moment in arrivals.items():
        attendances |= came(str(n), min(moment, now))
    decision = decide(after(now), activities, attendances)
    entered = (
        [decision.activity]
        if isinstance(decision, Enter)
        else list(decision.options)
        if isinstance(decision, Ask)
        else []
    )
    for chosen in entered:
        assert chosen.id not in attendances
        assert check_in_open(chosen, after(now))
    if isinstance(decision, Leave):
        arrived = attendances[decision.activity.id].in_at
        assert arrived is not None
        assert after(now) - arrived >= dt.timedelta(minutes=minutes or 0)
