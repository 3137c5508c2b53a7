"""How bright the screen is to be: as the maintainer chose, darker while nobody is there, off in the
hours in which the centre is closed. Pure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from linli.sync.periods import SHANGHAI

OFF = None
FLOOR = 0.15
"""A picture darker than this can hardly be read: whoever made it so must find the way back."""


@dataclass(frozen=True)
class Resting:
    """`after_s` of nobody; `percent` is what is then left of the brightness. `off_from` and
    `off_until` are times of day (Asia/Shanghai), also across midnight; without them it is never
    off."""

    after_s: float
    percent: int
    off_from: str | None = None
    off_until: str | None = None


def wanted(chosen: int, resting: Resting | None, idle_s: float, now: dt.datetime) -> int | None:
    """The brightness in percent, or OFF. Somebody who is there always has what was chosen."""
    if resting is None or idle_s < resting.after_s:
        return chosen
    if closed(resting, now):
        return OFF
    return chosen * resting.percent // 100


def closed(resting: Resting, now: dt.datetime) -> bool:
    begin, end = resting.off_from, resting.off_until
    if begin is None or end is None:
        return False
    local = f"{now.astimezone(SHANGHAI):%H:%M}"
    return begin <= local < end if begin <= end else local >= begin or local < end


def shade(percent: int | None) -> float:
    """How dark to draw over a picture whose screen cannot be told: 0 is not at all, 1 is black."""
    if percent is OFF:
        return 1.0
    return (1 - FLOOR) * (100 - percent) / 100
