"""How many wrong PINs there may be: five, then none is taken for a quarter of an hour. Pure.

A try is written down before it is judged: pulling the plug in between gains nothing. A clock that
was set back or forth locks for twice as long at most.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

MOST = 5
LOCK = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Tries:
    """`wrong` since the last right one; `last_at` is the last try."""

    wrong: int = 0
    last_at: dt.datetime | None = None

    @property
    def left(self) -> int:
        return max(0, MOST - self.wrong)

    def locked(self, now: dt.datetime) -> bool:
        if self.wrong < MOST or self.last_at is None:
            return False
        return abs(now - self.last_at) < LOCK


def tried(tries: Tries, now: dt.datetime) -> Tries:
    """One more, taken for wrong until it is judged."""
    if tries.wrong >= MOST and not tries.locked(now):
        tries = Tries()
    return replace(tries, wrong=tries.wrong + 1, last_at=now)
