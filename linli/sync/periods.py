"""Business days and periods: the calendar that terminal and ledger must agree on.

A business day is a calendar day in Asia/Shanghai, whatever the machine's own zone.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
RANKED = ("week", "month", "year")
"""The periods for which a ranking is kept."""


def business_day(moment: dt.datetime) -> dt.date:
    """The day a moment counts for. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI).date()


@lru_cache(4096)
def period_key(day: dt.date, per: str) -> str:
    """`2026-11-24`, `2026-W48`, `2026-11`, `2026-Q4`, `2026`. Raises KeyError for another
    `per`."""
    match per:
        case "day":
            return day.isoformat()
        case "week":
            week = day.isocalendar()
            return f"{week.year}-W{week.week:02d}"
        case "month":
            return f"{day.year}-{day.month:02d}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "year":
            return f"{day.year}"
    raise KeyError(per)


@lru_cache(4096)
def days_of(period: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period, as `period_key` names it. Raises ValueError for
    another text."""
    if "-W" in period:
        year, _, week = period.partition("-W")
        monday = dt.date.fromisocalendar(int(year), int(week), 1)
        return monday, monday + dt.timedelta(days=6)
    if "-Q" in period:
        year, _, quarter = period.partition("-Q")
        last_month = 3 * int(quarter)
        first = dt.date(int(year), last_month - 2, 1)
        return first, days_of(f"{int(year)}-{last_month:02d}")[1]
    if period.count("-") == 2:
        day = dt.date.fromisoformat(period)
        return day, day
    if "-" in period:
        first = dt.date.fromisoformat(f"{period}-01")
        return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return dt.date(int(period), 1, 1), dt.date(int(period), 12, 31)


def period_of(moment: dt.datetime, per: str) -> str:
    return period_key(business_day(moment), per)
