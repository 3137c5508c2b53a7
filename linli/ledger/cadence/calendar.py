"""Which duties have fallen due, from the calendar alone. Pure.

| duty       | whose      | due                                                           |
|------------|------------|---------------------------------------------------------------|
| checkpoint | district   | Monday 03:00, for the week before                             |
| freeze     | community  | 09:00 of its freeze day in the month after                    |
| seal       | community  | midnight when the notice has hung out                         |
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
CHECKPOINT_AT, FREEZE_AT = dt.time(3), dt.time(9)
AWARD_ON = (1, 10)
"""Month and day: by then December is frozen in every community that freezes by then."""


class Kind(StrEnum):
    CHECKPOINT = "checkpoint"
    FREEZE = "freeze"
    SEAL = "seal"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A community's own: see `schema.calendar`."""

    scope: str
    first_month: str
    freeze_day: int
    notice_days: int


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
    duties = [duty for one in known for duty in (*_monthly(one, now), *_yearly(one, now))]
    if known:
        first = min(dt.date.fromisoformat(f"{one.first_month}-01") for one in known)
        duties += _weekly(first, now)
    return sorted(duties, key=lambda duty: (duty.due_at, duty.kind, duty.scope))


def _weekly(first: dt.date, now: dt.datetime) -> Iterator[Duty]:
    monday = first - dt.timedelta(days=first.weekday())
    while (due_at := _at(monday + WEEK, CHECKPOINT_AT)) <= now:
        yield Duty(Kind.CHECKPOINT, DISTRICT, period_key(monday, "week"), due_at)
        monday += WEEK


def _monthly(of: Calendar, now: dt.datetime) -> Iterator[Duty]:
    month = dt.date.fromisoformat(f"{of.first_month}-01")
    while True:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        frozen_on = following.replace(day=of.freeze_day)
        freeze_at = _at(frozen_on, FREEZE_AT)
        if freeze_at > now:
            return
        period = period_key(month, "month")
        yield Duty(Kind.FREEZE, of.scope, period, freeze_at)
        seal_at = _at(frozen_on + dt.timedelta(days=of.notice_days + 1), dt.time())
        if seal_at <= now:
            yield Duty(Kind.SEAL, of.scope, period, seal_at)
        month = following


def _yearly(of: Calendar, now: dt.datetime) -> Iterator[Duty]:
    year = int(of.first_month[:4])
    while (due_at := _at(dt.date(year + 1, *AWARD_ON), FREEZE_AT)) <= now:
        yield Duty(Kind.AWARD, of.scope, str(year), due_at)
        year += 1


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, SHANGHAI)
