"""What falls due when, by the calendar alone."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.cadence.calendar import DISTRICT, Calendar, Kind, fallen_due
from linli.sync.periods import SHANGHAI

VILLAGE = Calendar("village", "2026-11", freeze_day=5, notice_days=5)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(now: str, *calendars: Calendar) -> list[tuple[str, str, str]]:
    duties = fallen_due(calendars or (VILLAGE,), at(now))
    return [(d.kind.value, d.scope, d.period) for d in duties if d.kind is not Kind.CHECKPOINT]


def test_nothing_is_due_before_the_first_month_is_over() -> None:
    assert due("2026-12-05 08:59") == []


def test_a_month_is_frozen_on_its_day_and_sealed_when_the_notice_has_hung_out() -> None:
    assert due("2026-12-05 09:00") == [("freeze", "village", "2026-11")]
    assert due("2026-12-10 23:59") == [("freeze", "village", "2026-11")]
    assert due("2026-12-11 00:00")[-1] == ("seal", "village", "2026-11")


def test_after_a_long_pause_everything_is_due_in_its_order() -> None:
    assert due("2027-02-06 00:00") == [
        ("freeze", "village", "2026-11"),
        ("seal", "village", "2026-11"),
        ("freeze", "village", "2026-12"),
        ("award", "village", "2026"),
        ("seal", "village", "2026-12"),
        ("freeze", "village", "2027-01"),
    ]


def test_a_checkpoint_is_due_each_monday_for_the_whole_district() -> None:
    duties = fallen_due((VILLAGE,), at("2026-11-16 03:00"))
    assert [(d.scope, d.period) for d in duties] == [
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
