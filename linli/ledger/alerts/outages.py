"""Which devices are away together: one outage of a place, or of everything, is one alert. Pure.

A centre is out when all of its devices are away, two at least, and one of them for long enough.
The district is out when nearly all devices, of several centres, are, or half of very many: then it
is the broker or the ledger's own network, and nobody drives to a centre.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linli.ledger.alerts.observed import Observed

AWAY_AFTER = dt.timedelta(minutes=10)
DISTRICT_SHARE, DISTRICT_DEVICES = 0.8, 4
MANY_SHARE, MANY = 0.5, 50
"""Of so many devices half is enough."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Of these devices; `long` once it is long enough to be an alert."""

    devices: tuple[Observed, ...]
    long: bool


@dataclass(frozen=True, slots=True)
class Outages:
    """`centres` are those that are out, by name, the district left aside."""

    centres: Mapping[str, Outage] = field(default_factory=dict)
    district: Outage | None = None
    heard: int = 0
    """How many devices there are that were ever heard."""


def outages(devices: Sequence[Observed], now: dt.datetime) -> Outages:
    """Devices that are off, set apart, or were never heard neither make an outage nor prevent
    one."""
    looked_at = [one for one in devices if one.off is None and one.heard and not one.quarantined]
    by_centre: dict[str, list[Observed]] = defaultdict(list)
    for one in looked_at:
        by_centre[one.centre].append(one)
    centres = {
        centre: _outage(some, now)
        for centre, some in by_centre.items()
        if len(some) > 1 and all(one.away_since is not None for one in some)
    }
    return Outages(centres, _district(looked_at, now), len(looked_at))


def _district(looked_at: list[Observed], now: dt.datetime) -> Outage | None:
    away = [one for one in looked_at if one.away_since is not None]
    share = MANY_SHARE if len(away) >= MANY else DISTRICT_SHARE
    many = len(away) >= DISTRICT_DEVICES and len(away) >= share * len(looked_at)
    several = len({one.centre for one in away}) > 1
    return _outage(away, now) if several and many else None


def _outage(devices: Iterable[Observed], now: dt.datetime) -> Outage:
    away = tuple(devices)
    first = min(one.away_since for one in away if one.away_since is not None)
    return Outage(away, now - first >= AWAY_AFTER)
