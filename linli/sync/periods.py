"""Business days and periods: the calendar that terminal and ledger must agree on.

A business day is a calendar day in Asia/Shanghai, whatever the machine's own zone.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
RANKED = ("week", "month", "year")
"""The periods for which a ranking is kept."""


def business_day(moment: dt.datetime) -> dt.date:
    """The day a moment counts for. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI).date()


def period_key(day: dt.date, per: str) -> str:
    """`2026-11-24`, `2026-W48`, `2026-11`, `2026-Q4`, `2026`. Raises KeyError for another `per`."""
    week = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{week.year}-W{week.week:02d}",
        "month": f"{day.year}-{day.month:02d}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[per]


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of a week, month or year, as `period_key` names it. Raises
    ValueError for another text."""
    if "-W" in period:
        year, _, week = period.partition("-W")
        monday = dt.date.fromisocalendar(int(year), int(week), 1)
        return monday, monday + dt.timedelta(days=6)
    if "-" in period:
        first = dt.date.fromisoformat(f"{period}-01")
        return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return dt.date(int(period), 1, 1), dt.date(int(period), 12, 31)


def period_of(moment: dt.datetime, per: str) -> str:
    return period_key(business_day(moment), per)
