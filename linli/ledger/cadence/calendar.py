"""Which duties have fallen due, from the calendar alone. Pure.

| duty       | whose      | due                                                           |
|------------|------------|---------------------------------------------------------------|
| vouchers   | district   | 00:05, for those that were good until the day before          |
| checkpoint | district   | Monday 03:00, for the week before                             |
| settlement | community  | 06:00 of a month's first day, for the month before            |
| freeze     | community  | 09:00 of its freeze day in the month after                    |
| seal       | community  | midnight when the notice has hung out                         |
| window     | community  | 09:00 of the day on which a quarter's last month is sealed    |
| closing    | community  | midnight when the window was open for its days                |
| award      | community  | 10 January 09:00: candidates for the year before              |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.sync.periods import SHANGHAI, period_key

DISTRICT = "district"
"""The scope of what the whole ledger does once."""
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
CHECKPOINT_AT, FREEZE_AT = dt.time(3), dt.time(9)
VOUCHERS_AT, SETTLEMENT_AT, WINDOW_AT = dt.time(0, 5), dt.time(6), dt.time(9)
AWARD_ON = (1, 10)
"""Month and day: by then December is frozen in every community that freezes by then."""


class Kind(StrEnum):
    VOUCHERS = "vouchers"
    CHECKPOINT = "checkpoint"
    SETTLEMENT = "settlement"
    FREEZE = "freeze"
    SEAL = "seal"
    WINDOW = "window"
    CLOSING = "closing"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A community's own: see `schema.calendar`."""

    scope: str
    first_month: str
    freeze_day: int
    notice_days: int
    window_days: int = 14


@dataclass(frozen=True, slots=True)
class Duty:
    """Done once for its kind, scope and period."""

    kind: Kind
    scope: str
    period: str
    due_at: dt.datetime


def fallen_due(calendars: Iterable[Calendar], now: dt.datetime) -> list[Duty]:
    """Everything that should have been done by now, the oldest first."""
    known = list(calendars)
    duties = [
        duty
        for one in known
        for duty in (*_monthly(one, now), *_quarterly(one, now), *_yearly(one, now))
    ]
    if known:
        first = min(dt.date.fromisoformat(f"{one.first_month}-01") for one in known)
        duties += [*_daily(first, now), *_weekly(first, now)]
    return sorted(duties, key=lambda duty: (duty.due_at, duty.kind, duty.scope))


def opens_at(of: Calendar, quarter: str) -> dt.datetime:
    """When a quarter's window should open."""
    year, _, number = quarter.partition("-Q")
    last = dt.date(int(year), int(number) * 3, 1)
    return _at(_seal_day(of, last), WINDOW_AT)


def quarter_after(quarter: str) -> str:
    year, _, number = quarter.partition("-Q")
    return f"{int(year) + 1}-Q1" if number == "4" else f"{year}-Q{int(number) + 1}"


def quarter_before(quarter: str) -> str:
    year, _, number = quarter.partition("-Q")
    return f"{int(year) - 1}-Q4" if number == "1" else f"{year}-Q{int(number) - 1}"


def _daily(day: dt.date, now: dt.datetime) -> Iterator[Duty]:
    while (due_at := _at(day + DAY, VOUCHERS_AT)) <= now:
        yield Duty(Kind.VOUCHERS, DISTRICT, period_key(day, "day"), due_at)
        day += DAY


def _weekly(first: dt.date, now: dt.datetime) -> Iterator[Duty]:
    monday = first - dt.timedelta(days=first.weekday())
    while (due_at := _at(monday + WEEK, CHECKPOINT_AT)) <= now:
        yield Duty(Kind.CHECKPOINT, DISTRICT, period_key(monday, "week"), due_at)
        monday += WEEK


def _monthly(of: Calendar, now: dt.datetime) -> Iterator[Duty]:
    month = dt.date.fromisoformat(f"{of.first_month}-01")
    while (settle_at := _at(_following(month), SETTLEMENT_AT)) <= now:
        period = period_key(month, "month")
        yield Duty(Kind.SETTLEMENT, of.scope, period, settle_at)
        freeze_at = _at(_freeze_day(of, month), FREEZE_AT)
        if freeze_at <= now:
            yield Duty(Kind.FREEZE, of.scope, period, freeze_at)
        seal_at = _at(_seal_day(of, month), dt.time())
        if seal_at <= now:
            yield Duty(Kind.SEAL, of.scope, period, seal_at)
        month = _following(month)


def _quarterly(of: Calendar, now: dt.datetime) -> Iterator[Duty]:
    quarter = period_key(dt.date.fromisoformat(f"{of.first_month}-01"), "quarter")
    while (due_at := opens_at(of, quarter)) <= now:
        yield Duty(Kind.WINDOW, of.scope, quarter, due_at)
        close_at = _at(due_at.date() + of.window_days * DAY, dt.time())
        if close_at <= now:
            yield Duty(Kind.CLOSING, of.scope, quarter, close_at)
        quarter = quarter_after(quarter)


def _yearly(of: Calendar, now: dt.datetime) -> Iterator[Duty]:
    year = int(of.first_month[:4])
    while (due_at := _at(dt.date(year + 1, *AWARD_ON), FREEZE_AT)) <= now:
        yield Duty(Kind.AWARD, of.scope, str(year), due_at)
        year += 1


def _following(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)


def _freeze_day(of: Calendar, month: dt.date) -> dt.date:
    return _following(month).replace(day=of.freeze_day)


def _seal_day(of: Calendar, month: dt.date) -> dt.date:
    return _freeze_day(of, month) + dt.timedelta(days=of.notice_days + 1)


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, SHANGHAI)
