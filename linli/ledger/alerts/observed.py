"""What is known of the district's devices at one moment: the values that rules judge. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.sync.health_messages import Health


class About(StrEnum):
    """What an alert is about: one device, all of a place, everything, or a roll-out."""

    TERMINAL = "terminal"
    CENTRE = "centre"
    DISTRICT = "district"
    ROLLOUT = "rollout"


class Off(StrEnum):
    """Why nothing of a device is worth an alert."""

    MAINTAINED = "maintained"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Observed:
    """One terminal or board. `away_since` is since when nothing was heard of it, None while it is
    there and for one that was never heard. `health` is its last word, `fresh` whether that still
    says how it is now. `twice` counts signs that its identity is in use twice."""

    name: str
    kind: str
    scope: str
    centre: str
    away_since: dt.datetime | None = None
    heard: bool = True
    health: Health | None = None
    fresh: bool = False
    off: Off | None = None
    certified_until: dt.datetime | None = None
    twice: int = 0
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """A roll-out that held itself, as some of its terminals failed."""

    id: str
    scope: str | None
    says: str


@dataclass(frozen=True, slots=True)
class District:
    """`linked_since` is since when this ledger is connected to the broker, None while it is
    not: then nobody can be heard, and nobody's silence means anything."""

    devices: Sequence[Observed]
    linked_since: dt.datetime | None
    rollouts: Sequence[Stopped] = ()
