"""When did it happen? A terminal's wall clock may have been wrong; its monotonic clock was not.

A clock that is set right later in the same boot dates the earlier events of that boot: by the
first event whose clock was good (the one with the lowest seq, so that it does not matter which
became known first). What no good clock ever vouched for stays as claimed, marked for the review.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

LONGEST_BOOT = dt.timedelta(days=3660)
"""No terminal runs for ten years without a restart: such monotonic times are made up."""


class Reading(Struct, frozen=True, gc=False):
    """A terminal's two clocks at one event."""

    claimed_at: dt.datetime
    monotonicms: int
    clockgood: bool


class Dated(Struct, frozen=True, gc=False):
    """`flag` is empty, `re-dated` (by a good clock later in the boot) or `clock` (uncertain)."""

    at: dt.datetime
    flag: str


def date(reading: Reading, first_good: Reading | None) -> Dated:
    """`first_good` is the boot's first event with a good clock, if there is one yet."""
    if reading.clockgood:
        return Dated(reading.claimed_at, "")
    if first_good is None:
        return Dated(reading.claimed_at, "clock")
    passed = dt.timedelta(milliseconds=first_good.monotonicms - reading.monotonicms)
    try:
        at = first_good.claimed_at - passed
    except OverflowError:
        return Dated(reading.claimed_at, "clock")
    if abs(passed) > LONGEST_BOOT:
        return Dated(reading.claimed_at, "clock")
    return Dated(at, "re-dated")
