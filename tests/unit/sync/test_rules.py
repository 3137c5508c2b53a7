"""Rules that terminal and ledger share: sync/rules.py and sync/periods.py."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.messages import ActivityRow, AttendanceRow, Trust
from linli.sync.periods import SHANGHAI, business_day, period_key
from linli.sync.rules import PIN_ABOVE, Countable, done_at, easy_pin, merged, pin_needed, surplus

NINE = dt.datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)


def test_a_business_day_is_shanghais_whatever_the_machines_zone() -> None:
    late_evening_in_utc = dt.datetime(2026, 11, 27, 16, 30, tzinfo=dt.UTC)
    assert business_day(late_evening_in_utc) == dt.date(2026, 11, 28)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        business_day(dt.datetime(2026, 11, 28, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("per", "key"),
    [
        ("day", "2027-01-01"),
        ("week", "2026-W53"),
        ("month", "2027-01"),
        ("quarter", "2027-Q1"),
        ("year", "2027"),
    ],
)
def test_period_keys_follow_the_calendar_and_iso_weeks(per: str, key: str) -> None:
    assert period_key(dt.date(2027, 1, 1), per) == key


def row(in_min: int | None, out_min: int | None) -> AttendanceRow:
    def moment(minute: int | None) -> dt.datetime | None:
        return NINE + dt.timedelta(minutes=minute) if minute is not None else None

    return AttendanceRow(account="a", activity="x", in_at=moment(in_min), out_at=moment(out_min))


minutes = st.one_of(st.none(), st.integers(0, 300))
rows = st.builds(row, minutes, minutes)


@given(st.lists(rows, min_size=1, max_size=6), st.randoms())
def test_attendance_is_the_same_in_whatever_order_it_becomes_known(
    known: list[AttendanceRow], order: object
) -> None:
    def fold(sequence: list[AttendanceRow]) -> AttendanceRow:
        total = sequence[0]
        for next_ in sequence[1:]:
            total = merged(total, next_)
        return total

    shuffled = list(known)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(known) == fold(shuffled) == fold([*shuffled, *known])


def activity(minutes_needed: int | None) -> ActivityRow:
    return ActivityRow(
        id="x",
        title="x",
        item="B01",
        points=10,
        place="",
        starts_at=NINE,
        ends_at=NINE + dt.timedelta(hours=2),
        centre="c",
        min_minutes=minutes_needed,
    )


@pytest.mark.parametrize(
    ("needed", "came", "done"),
    [
        (None, row(0, None), True),
        (60, row(0, None), False),
        (60, row(0, 59), False),
        (60, row(0, 60), True),
        (60, row(None, 60), False),
    ],
)
def test_a_deed_is_done_once_the_minimum_time_was_stayed(
    needed: int | None, came: AttendanceRow, done: bool
) -> None:
    assert (done_at(activity(needed), came) is not None) is done


countables = st.lists(
    st.builds(
        Countable,
        id=st.uuids().map(str),
        done_at=st.integers(0, 50).map(lambda m: NINE + dt.timedelta(minutes=m)),
        posted=st.booleans(),
    ),
    max_size=12,
)


@given(countables, st.integers(1, 6), st.randoms())
def test_the_surplus_does_not_depend_on_the_order_of_arrival(
    deeds: list[Countable], limit: int, order: object
) -> None:
    shuffled = list(deeds)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    over = surplus(deeds, limit)
    assert over == surplus(shuffled, limit)
    assert not over & {deed.id for deed in deeds if deed.posted}
    counted = [deed for deed in deeds if deed.id not in over]
    assert len(counted) <= max(limit, sum(deed.posted for deed in deeds))


def test_the_earliest_deeds_count() -> None:
    first, second = (
        Countable("b", NINE, posted=False),
        Countable("a", NINE + dt.timedelta(minutes=1), posted=False),
    )
    assert surplus([second, first], 1) == {"a"}


def test_a_card_that_may_be_a_copy_spends_nothing_without_a_pin() -> None:
    assert pin_needed(Trust.LOW, 1)
    assert not pin_needed(Trust.HIGH, PIN_ABOVE)
    assert pin_needed(Trust.HIGH, PIN_ABOVE + 1)


@given(st.from_regex("[0-9]{6}", fullmatch=True))
def test_only_pins_whose_digits_all_step_alike_are_easy(pin: str) -> None:
    runs = {"0123456789" * 2, "9876543210" * 2, *(digit * 6 for digit in "0123456789")}
    assert easy_pin(pin) == any(pin in run for run in runs)
