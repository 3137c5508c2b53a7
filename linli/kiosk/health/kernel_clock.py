"""What the kernel knows of its own clock (adjtimex(2))."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

from linli.sync.clock import SYNCHRONIZED, TIME_ERROR

NANOSECONDS = 0x2000
"""STA_NANO: the offset is in nanoseconds, not microseconds."""


@dataclass(frozen=True, slots=True)
class KernelClock:
    """`source` is `timesyncd`, `kernel` for any other program that sets it, empty where none has.
    `offset_ms` is what is still to be corrected."""

    source: str
    offset_ms: float | None


class _Timex(ctypes.Structure):
    """The beginning of `struct timex`; the kernel writes beyond it."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 512),
    )


def kernel_clock(mark: Path = SYNCHRONIZED) -> KernelClock:
    """Only asks; nothing is set."""
    timex = _Timex()
    state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    if state in (-1, TIME_ERROR):
        return KernelClock("timesyncd" if mark.exists() else "", None)
    per_ms = 1e6 if timex.status & NANOSECONDS else 1e3
    source = "timesyncd" if mark.exists() else "kernel"
    return KernelClock(source, round(timex.offset / per_ms, 3))
