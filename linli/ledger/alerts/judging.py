"""Looks at everything that is observed and says of each fault whether it is there. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import StrEnum

from linli.ledger.alerts.observed import About, District, Observed, Off, Stopped
from linli.ledger.alerts.outages import Outage, Outages, outages
from linli.ledger.alerts.phrases import local
from linli.ledger.alerts.rules import DEVICE_RULES, Fault

DISTRICT = "district"
"""The subject of what is about everything."""
NOT_ITS_OWN = frozenset({Fault.TWICE, Fault.QUARANTINED})
"""What only the ledger knows of a device: its own word that it is being looked after ends none of
them. Whoever has copied it could say that too."""
BACK_AFTER = dt.timedelta(minutes=3)
"""So long after the ledger is connected again everybody else has had the time to come back."""
Subject = tuple[Fault, str]


class Quiet(StrEnum):
    """Why an alert ends that nobody is told of."""

    MAINTAINED = "maintained"
    RETIRED = "retired"
    COVERED = "covered"
    """It is part of something larger now: an outage of its place, a quarantine."""


@dataclass(frozen=True, slots=True)
class Judged:
    """`met` is None where nobody can tell. With `quiet` it is over at once, and without a word."""

    fault: Fault
    about: About
    subject: str
    scope: str | None
    met: bool | None
    says: str = ""
    quiet: Quiet | None = None

    @property
    def key(self) -> Subject:
        return self.fault, self.subject


def judged(district: District, now: dt.datetime, already: Set[Subject]) -> Iterator[Judged]:
    """Of everything that might be wrong. `already` are the alerts that are open."""
    linked = district.linked_since
    hears = linked is not None and now - linked >= BACK_AFTER
    out = outages(district.devices, now)
    yield _broker(linked is None)
    yield _whole_district(out, hears)
    wide = out.district is not None or (Fault.DISTRICT_OFFLINE, DISTRICT) in already
    for centre, scope in sorted({(one.centre, one.scope) for one in district.devices}):
        yield _whole_centre(centre, scope, out.centres.get(centre), hears, wide)
    covering = {*out.centres} | {name for fault, name in already if fault is Fault.CENTRE_OFFLINE}
    for one in district.devices:
        yield from _device(one, now, hears, wide or one.centre in covering, already)
    yield from map(_rollout, district.rollouts)


def _broker(cut: bool) -> Judged:
    return Judged(Fault.BROKER, About.DISTRICT, DISTRICT, None, cut, "所有终端的消息都收不到")


def _whole_district(out: Outages, hears: bool) -> Judged:
    is_long = out.district is not None and out.district.long
    away = len(out.district.devices) if out.district else 0
    says = f"{out.heard} 台设备里有 {away} 台没有消息"
    met = is_long if hears else None
    return Judged(Fault.DISTRICT_OFFLINE, About.DISTRICT, DISTRICT, None, met, says)


def _whole_centre(
    centre: str, scope: str, outage: Outage | None, hears: bool, wide: bool
) -> Judged:
    fault, about = Fault.CENTRE_OFFLINE, About.CENTRE
    if wide and hears:
        return Judged(fault, about, centre, scope, False, quiet=Quiet.COVERED)
    says = ""
    if outage is not None:
        first = min(one.away_since for one in outage.devices if one.away_since is not None)
        says = f"{len(outage.devices)} 台设备都没有消息，最早的从 {local(first)} 起"
    met = outage is not None and outage.long
    return Judged(fault, about, centre, scope, met if hears else None, says)


def _device(
    one: Observed, now: dt.datetime, hears: bool, covered: bool, already: Set[Subject]
) -> Iterator[Judged]:
    for rule in DEVICE_RULES:
        met, says, quiet = None, "", None
        if one.off is not None and not (one.off is Off.MAINTAINED and rule.fault in NOT_ITS_OWN):
            met, quiet = False, Quiet(one.off.value)
        elif rule.fault is Fault.OFFLINE and not hears:
            met = None
        elif rule.fault is Fault.OFFLINE and (one.quarantined or (covered and _is_away(one))):
            met, quiet = False, Quiet.COVERED
        elif rule.judge is not None and rule.says is not None:
            met = rule.judge(one, now, (rule.fault, one.name) in already)
            says = rule.says(one, now) if met else ""
        yield Judged(rule.fault, About.TERMINAL, one.name, one.scope, met, says, quiet)


def _is_away(one: Observed) -> bool:
    return one.away_since is not None


def _rollout(one: Stopped) -> Judged:
    return Judged(Fault.ROLLOUT, About.ROLLOUT, one.id, one.scope, True, one.says)
