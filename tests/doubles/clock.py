"""A clock that stands still until it is told.

clock = HandClock()
clock.pass_(minutes=5)                     # wall and monotonic time, as in life
clock.wall -= dt.timedelta(days=1)         # somebody set the machine's clock
"""

from __future__ import annotations

import datetime as dt

from linli.sync.periods import SHANGHAI


class HandClock:
    def __init__(self) -> None:
        self.wall = dt.datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
        self.seconds = 100.0
        self.is_good = True

    def now(self) -> dt.datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def good(self) -> bool:
        return self.is_good

    def pass_(self, *, seconds: float = 0.0, minutes: float = 0.0) -> None:
        passed = dt.timedelta(seconds=seconds, minutes=minutes)
        self.wall += passed
        self.seconds += passed.total_seconds()
