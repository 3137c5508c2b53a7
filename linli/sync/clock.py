"""Time is passed in, never reached for."""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol

from linli.sync.periods import SHANGHAI


class Clock(Protocol):
    """`now` is wall time with a zone; `monotonic` is seconds since some moment of this boot;
    `good` says whether the wall time is known to be right."""

    def now(self) -> dt.datetime: ...

    def monotonic(self) -> float: ...

    def good(self) -> bool: ...


EARLIEST = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
"""No terminal was ever made before this: a clock that says so is wrong."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(SHANGHAI)

    def monotonic(self) -> float:
        return time.monotonic()

    def good(self) -> bool:
        return self.now() >= EARLIEST
