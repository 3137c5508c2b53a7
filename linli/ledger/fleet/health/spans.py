"""When a terminal was there and when not, of its history. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from linli.ledger.fleet.health.history import FIRST, Entry, What
from linli.ledger.fleet.health.listing import Presence
from linli.sync.periods import SHANGHAI

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """`online` is None where nobody knows."""

    start: dt.datetime
    end: dt.datetime
    online: bool | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a day's bar, in thousandths of the day."""

    x: int
    width: int
    state: str


def spans(
    entries: Iterable[Entry], presence: Presence | None, since: dt.datetime, now: dt.datetime
) -> list[Span]:
    """From `since` until now, the oldest first. `entries` are the newest first."""
    found: list[Span] = []
    end, state = now, None if presence is None else presence.online
    for entry in entries:
        if entry.what not in (What.ONLINE, What.OFFLINE) or entry.at < since:
            continue
        came = entry.what == What.ONLINE
        found.append(Span(entry.at, end, came))
        end, state = entry.at, None if entry.detail == FIRST else not came
    if presence is not None and not found and presence.since > since:
        found.append(Span(presence.since, end, state))
        end, state = presence.since, None
    found.append(Span(since, end, state))
    return [span for span in reversed(found) if span.start < span.end]


def by_day(found: Iterable[Span], now: dt.datetime, days: int) -> list[tuple[dt.date, list[Piece]]]:
    """The last days in Asia/Shanghai, today first, each with the pieces of its bar."""
    known = list(found)
    today = now.astimezone(SHANGHAI).date()
    return [_day(today - n * DAY, known) for n in range(days)]


def _day(day: dt.date, found: Iterable[Span]) -> tuple[dt.date, list[Piece]]:
    begins = dt.datetime.combine(day, dt.time(), SHANGHAI)
    pieces = []
    for span in found:
        start, end = max(span.start, begins), min(span.end, begins + DAY)
        if start < end:
            x, until = _place(start - begins), _place(end - begins)
            state = {True: "on", False: "off", None: "unknown"}[span.online]
            pieces.append(Piece(x, max(1, until - x), state))
    return day, pieces


def _place(since: dt.timedelta) -> int:
    return round(since / DAY * 1000)
