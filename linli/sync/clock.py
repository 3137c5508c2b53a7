"""Time is passed in, never reached for."""

from __future__ import annotations

import ctypes
import datetime as dt
import time
from pathlib import Path
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


SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
"""Made by systemd-timesyncd when it first set the clock in this boot (systemd-timesyncd(8))."""
TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""


class SystemClock:
    """The machine's own clock. A Raspberry Pi has no battery: after a power cut its clock goes on
    from where it stopped, hours or days behind, until a time server was heard. Once it was, it is
    good for the rest of the boot: a crystal is off by seconds in a week."""

    _heard = False

    def now(self) -> dt.datetime:
        return dt.datetime.now(SHANGHAI)

    def monotonic(self) -> float:
        return time.monotonic()

    def good(self) -> bool:
        self._heard = self._heard or SYNCHRONIZED.exists() or _kernel_is_synchronised()
        return self._heard and self.now() >= EARLIEST


def _kernel_is_synchronised() -> bool:
    """By whichever program sets the clock: chrony, ntpd, the host of a virtual machine."""
    timex = ctypes.create_string_buffer(512)  # all zero: only asks
    return ctypes.CDLL(None).adjtimex(timex) not in (-1, TIME_ERROR)
