"""When an alert begins and ends: whether a fault is there. Pure.

A judge says `True`, `False`, or None where nobody can tell, as the device is away. It is told
whether the alert is open already: what begins at one value ends at another one, so that a
temperature about the limit is one alert. Where it begins is never below where the fleet's list
shows the same (`fleet/health/problems.py`): nobody is told of what stands on no page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from linli.ledger.alerts.observed import Observed
from linli.ledger.alerts.outages import AWAY_AFTER
from linli.ledger.fleet.health.problems import (
    BACKLOG,
    BACKLOG_S,
    FROZEN_S,
    RESTARTS,
    RESTARTS_WITHIN,
    WORN_PERCENT,
    is_strained,
    nearly_full,
)
from linli.sync.health_messages import HOT_C, Health, MachineHealth, PartHealth, PartState

Judge = Callable[[Observed, dt.datetime, bool], bool | None]
MINUTE = dt.timedelta(minutes=1)
OUTBOX_CALM = 20
COOL_C = 72.0
FREE_AGAIN = 1.5
"""Times the room that an alert begins below."""
CLOCK_OFF_MS = 60_000.0
"""The list shows two seconds; nobody is called for less than this."""
CERTIFICATE_LEFT = dt.timedelta(days=7)


def by_health(judge: Callable[[Health, dt.datetime, bool], bool]) -> Judge:
    """Of what only the device itself knows: its last word counts while it is there."""

    def judged(one: Observed, now: dt.datetime, is_open: bool) -> bool | None:
        if one.health is None or not one.fresh:
            return None
        return judge(one.health, now, is_open)

    return judged


def by_machine(judge: Callable[[MachineHealth, bool], bool]) -> Judge:
    return by_health(lambda health, _now, is_open: judge(health.machine, is_open))


def offline(one: Observed, now: dt.datetime, is_open: bool) -> bool:
    if one.away_since is None:
        return False
    return is_open or now - one.away_since >= AWAY_AFTER


def piled_up(health: Health, _now: dt.datetime, is_open: bool) -> bool:
    most = OUTBOX_CALM if is_open else BACKLOG
    return health.outbox > most or health.outbox_oldest_s > BACKLOG_S


def hot(machine: MachineHealth, is_open: bool) -> bool:
    return machine.celsius is not None and machine.celsius >= (COOL_C if is_open else HOT_C)


def clock_off(machine: MachineHealth, _is_open: bool) -> bool:
    off = machine.clock_offset_ms
    return not machine.clock_good or (off is not None and abs(off) > CLOCK_OFF_MS)


def full(machine: MachineHealth, is_open: bool) -> bool:
    return nearly_full(machine, FREE_AGAIN if is_open else 1.0)


def strained(machine: MachineHealth, _is_open: bool) -> bool:
    return is_strained(machine)


def worn(machine: MachineHealth, _is_open: bool) -> bool:
    return machine.disk_worn_percent is not None and machine.disk_worn_percent >= WORN_PERCENT


def restarting(health: Health, now: dt.datetime, is_open: bool) -> bool:
    lately = sum(now - RESTARTS_WITHIN <= one.at <= now + MINUTE for one in health.restarts)
    return lately >= (1 if is_open else RESTARTS)


def certificate_ends(one: Observed, now: dt.datetime, _is_open: bool) -> bool:
    return one.certified_until is not None and one.certified_until - now < CERTIFICATE_LEFT


def frozen(health: Health, _now: dt.datetime, _is_open: bool) -> bool:
    return health.frame_age_s is not None and health.frame_age_s >= FROZEN_S


def dead_readers(health: Health) -> list[PartHealth]:
    return [one for one in _off(health) if one.what == "reader"]


def other_dead_parts(health: Health) -> list[PartHealth]:
    paper = papers(health)
    return [one for one in _off(health) if one.what != "reader" and one not in paper]


def papers(health: Health) -> list[PartHealth]:
    """Printers without paper, and those that soon are."""
    return [
        one
        for one in health.parts
        if one.what == "printer"
        and one.problem.startswith("paper")
        and one.state not in (PartState.WORKING, PartState.ABSENT)
    ]


def _off(health: Health) -> list[PartHealth]:
    return [one for one in health.parts if one.state is PartState.OFF]
