"""Business days in Asia/Shanghai, and the periods they belong to."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.periods import SHANGHAI, business_day, days_of, period_key, period_of

PERIODS = ("day", "week", "month", "quarter", "year")


def test_a_day_begins_at_midnight_in_shanghai_whatever_zone_the_moment_is_in() -> None:
    before = dt.datetime(2026, 11, 23, 15, 59, 59, tzinfo=dt.UTC)
    assert business_day(before) == dt.date(2026, 11, 23)
    assert business_day(before + dt.timedelta(seconds=1)) == dt.date(2026, 11, 24)


def test_a_moment_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        business_day(dt.datetime(2026, 11, 24, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("per", "key"),
    [
        ("day", "2026-11-24"),
        ("week", "2026-W48"),
        ("month", "2026-11"),
        ("quarter", "2026-Q4"),
        ("year", "2026"),
    ],
)
def test_each_period_has_its_key(per: str, key: str) -> None:
    assert period_key(dt.date(2026, 11, 24), per) == key


def test_the_days_around_new_year_belong_to_the_iso_year_of_their_week() -> None:
    assert period_key(dt.date(2027, 1, 1), "week") == "2026-W53"
    assert period_key(dt.date(2024, 12, 30), "week") == "2025-W01"


def test_another_period_is_an_error() -> None:
    with pytest.raises(KeyError):
        period_key(dt.date(2026, 11, 24), "decade")


WALL_TIMES = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1))  # noqa: DTZ001


@given(WALL_TIMES, st.integers(-12, 14))
def test_the_zone_of_writing_never_changes_the_day(wall: dt.datetime, offset: int) -> None:
    moment = wall.replace(tzinfo=SHANGHAI)
    elsewhere = moment.astimezone(dt.timezone(dt.timedelta(hours=offset)))
    assert business_day(elsewhere) == wall.date()
    assert period_of(elsewhere, "month") == f"{wall:%Y-%m}"


@given(st.dates(), st.integers(0, 6))
def test_a_week_key_is_the_same_from_monday_to_sunday(day: dt.date, weekday: int) -> None:
    try:
        monday = day - dt.timedelta(days=day.weekday())
        other = monday + dt.timedelta(days=weekday)
    except OverflowError:
        return
    assert period_key(monday, "week") == period_key(other, "week")


@given(st.dates(dt.date(2000, 1, 10), dt.date(2100, 12, 20)), st.sampled_from(PERIODS))
def test_the_days_of_a_period_are_just_those_that_count_in_it(day: dt.date, per: str) -> None:
    key = period_key(day, per)
    first, last = days_of(key)
    assert first <= day <= last
    assert period_key(first, per) == period_key(last, per) == key
    one = dt.timedelta(days=1)
    assert key not in (period_key(first - one, per), period_key(last + one, per))
