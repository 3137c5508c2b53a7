"""What falls due when, by the calendar alone."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.cadence.calendar import (
    DISTRICT,
    Calendar,
    Kind,
    fallen_due,
    quarter_after,
    quarter_before,
)
from linli.sync.periods import SHANGHAI

VILLAGE = Calendar("village", "2026-11", freeze_day=5, notice_days=5)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(now: str, *calendars: Calendar) -> list[tuple[str, str, str]]:
    """What is due in communities."""
    duties = fallen_due(calendars or (VILLAGE,), at(now))
    return [(d.kind.value, d.scope, d.period) for d in duties if d.scope != DISTRICT]


def times(kind: Kind, now: str) -> list[tuple[str, str]]:
    duties = fallen_due((VILLAGE,), at(now))
    return [(d.period, f"{d.due_at:%Y-%m-%d %H:%M}") for d in duties if d.kind is kind]


def test_nothing_is_due_before_the_first_month_is_over() -> None:
    assert due("2026-12-01 05:59") == []


def test_a_month_is_settled_and_frozen_on_its_day_and_sealed_when_the_notice_has_hung_out() -> None:
    settled = ("settlement", "village", "2026-11")
    assert due("2026-12-01 06:00") == [settled]
    assert due("2026-12-05 08:59") == [settled]
    assert due("2026-12-05 09:00") == [settled, ("freeze", "village", "2026-11")]
    assert due("2026-12-10 23:59") == [settled, ("freeze", "village", "2026-11")]
    assert due("2026-12-11 00:00")[-1] == ("seal", "village", "2026-11")


def test_after_a_long_pause_everything_is_due_in_its_order() -> None:
    assert due("2027-02-06 00:00") == [
        ("settlement", "village", "2026-11"),
        ("freeze", "village", "2026-11"),
        ("seal", "village", "2026-11"),
        ("settlement", "village", "2026-12"),
        ("freeze", "village", "2026-12"),
        ("award", "village", "2026"),
        ("seal", "village", "2026-12"),
        ("window", "village", "2026-Q4"),
        ("closing", "village", "2026-Q4"),
        ("settlement", "village", "2027-01"),
        ("freeze", "village", "2027-01"),
    ]


def test_a_quarter_is_redeemed_from_the_day_on_which_its_last_month_is_sealed() -> None:
    assert times(Kind.WINDOW, "2027-10-30 00:00") == [
        ("2026-Q4", "2027-01-11 09:00"),
        ("2027-Q1", "2027-04-11 09:00"),
        ("2027-Q2", "2027-07-11 09:00"),
        ("2027-Q3", "2027-10-11 09:00"),
    ]
    assert times(Kind.CLOSING, "2027-04-30 00:00") == [
        ("2026-Q4", "2027-01-25 00:00"),
        ("2027-Q1", "2027-04-25 00:00"),
    ]


def test_vouchers_that_were_good_until_yesterday_are_looked_for_each_night() -> None:
    assert times(Kind.VOUCHERS, "2026-11-03 00:05") == [
        ("2026-11-01", "2026-11-02 00:05"),
        ("2026-11-02", "2026-11-03 00:05"),
    ]


def test_quarters_follow_each_other_over_the_years_end() -> None:
    assert [quarter_after(q) for q in ("2026-Q1", "2026-Q4")] == ["2026-Q2", "2027-Q1"]
    assert [quarter_before(q) for q in ("2026-Q2", "2027-Q1")] == ["2026-Q1", "2026-Q4"]


def test_a_checkpoint_is_due_each_monday_for_the_whole_district() -> None:
    duties = fallen_due((VILLAGE,), at("2026-11-16 03:00"))
    assert [(d.scope, d.period) for d in duties if d.kind is Kind.CHECKPOINT] == [
        (DISTRICT, "2026-W44"),
        (DISTRICT, "2026-W45"),
        (DISTRICT, "2026-W46"),
    ]


def test_without_a_calendar_nothing_is_due() -> None:
    assert fallen_due((), at("2030-01-01 00:00")) == []


@given(
    st.integers(0, 1000).map(lambda d: at("2026-11-01 00:00") + dt.timedelta(days=d)),
    st.integers(1, 100).map(lambda h: dt.timedelta(hours=h)),
)
def test_what_was_due_stays_due_and_is_named_once(now: dt.datetime, later: dt.timedelta) -> None:
    before, after = fallen_due((VILLAGE,), now), fallen_due((VILLAGE,), now + later)
    assert set(before) <= set(after)
    assert len({(d.kind, d.scope, d.period) for d in after}) == len(after)
    assert all(d.due_at <= now + later for d in after)
