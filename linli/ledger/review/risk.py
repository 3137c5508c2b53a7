"""What a reviewer should look at first. Pure.

Every deed comes with reasons for doubt, from the way it was recorded; the queue shows the most
doubtful first, and the rest may be posted together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """Reasons to look twice, the gravest first."""

    STOPPED_CARD = "stopped-card"
    TWO_PLACES = "two-places"
    BY_HAND = "by-hand"
    OUTSIDE_WINDOW = "outside-window"
    CLOCK = "clock"
    OVER_LIMIT = "over-limit"
    LOW_TRUST = "low-trust"
    DECLARED = "declared"
    NO_SIGN_OUT = "no-sign-out"
    LATE = "late"
    RE_DATED = "re-dated"


WEIGHT = {
    Doubt.STOPPED_CARD: 100,
    Doubt.TWO_PLACES: 80,
    Doubt.BY_HAND: 60,
    Doubt.OUTSIDE_WINDOW: 50,
    Doubt.CLOCK: 40,
    Doubt.OVER_LIMIT: 30,
    Doubt.LOW_TRUST: 20,
    Doubt.DECLARED: 20,
    Doubt.NO_SIGN_OUT: 10,
    Doubt.LATE: 5,
    Doubt.RE_DATED: 5,
}
TRAVEL = dt.timedelta(minutes=10)
"""Two centres are no nearer to each other than this."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody was by their taps. `until` is their last tap there."""

    activity: str
    centre: str
    since: dt.datetime
    until: dt.datetime


def risk(doubts: Iterable[Doubt]) -> int:
    """0 without any doubt; more where more, or graver ones, come together."""
    return sum(WEIGHT[doubt] for doubt in set(doubts))


def in_two_places(visits: Iterable[Visit]) -> frozenset[str]:
    """Activities at which one person cannot have been, as the same taps say: visits at different
    centres that overlap, or leave no time for the way."""
    known = list(visits)
    return frozenset(
        one.activity
        for one in known
        for other in known
        if one.centre != other.centre
        and one.since < other.until + TRAVEL
        and other.since < one.until + TRAVEL
    )
