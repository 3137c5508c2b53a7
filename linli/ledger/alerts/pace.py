"""When a route's next message goes out: gathered, not too many an hour, not at night. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from linli.ledger.alerts.rules import Urgency
from linli.sync.periods import SHANGHAI

GATHER = {
    Urgency.NOW: dt.timedelta(minutes=1),
    Urgency.TODAY: dt.timedelta(minutes=5),
    Urgency.SOON: dt.timedelta(minutes=5),
}
"""What comes within so long after the first goes with it."""
HOURLY = 6
"""Messages of one route within an hour, at most."""
HOUR = dt.timedelta(hours=1)
FIRST_RETRY, LAST_RETRY = dt.timedelta(seconds=30), dt.timedelta(minutes=30)
GIVE_UP = dt.timedelta(hours=24)


def due(
    waiting: Sequence[tuple[dt.datetime, Urgency]],
    sent: Sequence[dt.datetime],
    quiet: tuple[int, int] | None,
    now: dt.datetime,
) -> bool:
    """Whether the next message is to be made now. `waiting` are the moments and urgencies of what
    is to be told, `sent` when the messages before were made."""
    if not waiting or sum(now - HOUR < one <= now for one in sent) >= HOURLY:
        return False
    urgent = any(urgency is Urgency.NOW for _, urgency in waiting)
    if quiet is not None and not urgent and in_quiet(quiet, now):
        return False
    # A moment in the future is by a clock that was put back since.
    return any(at > now or now - at >= GATHER[urgency] for at, urgency in waiting)


def in_quiet(quiet: tuple[int, int], now: dt.datetime) -> bool:
    """Quiet hours may go over midnight; those that end where they begin are none."""
    local = now.astimezone(SHANGHAI)
    minute, (first, last) = local.hour * 60 + local.minute, quiet
    return first <= minute < last if first <= last else minute >= first or minute < last


def retry_after(tries: int) -> dt.timedelta:
    """How long to wait after so many tries that failed."""
    doubled: int = 2 ** min(max(tries, 1) - 1, 10)
    return min(FIRST_RETRY * doubled, LAST_RETRY)
