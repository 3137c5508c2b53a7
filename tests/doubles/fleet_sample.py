"""A fleet as it may stand on a day: most are well, some are away, some lack something.

put_fleet(engine, communities, count=200, now=now)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import Engine

from linli.ledger.fleet.health.keeping import keep_health, keep_presence
from linli.ledger.terminals.registry import register
from linli.sync.health_messages import (
    ErrorNote,
    Health,
    MachineHealth,
    PartHealth,
    PartState,
    RestartNote,
)
from linli.sync.messages import PresenceState

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
WELL: dict[str, Any] = {}
AWAY = "away"


def part(what: str, problem: str = "", name: str = "") -> PartHealth:
    state = PartState.OFF if problem else PartState.WORKING
    state = PartState.WARNING if problem == "paper-low" else state
    return PartHealth(what=what, state=state, name=name, problem=problem)


def parts(**problems: str) -> list[PartHealth]:
    """All that a terminal has, with what ails some of it."""
    all_ = ("reader", "scanner", "printer", "board", "locker", "display")
    return [part(what, problems.get(what, ""), f"usb-{what}") for what in all_]


def machine(**more: Any) -> MachineHealth:
    usual = {
        "celsius": 52.0,
        "disk_free_mb": 21_400,
        "disk_total_mb": 29_800,
        "disk_worn_percent": 20,
        "memory_mb": 171,
        "clock_good": True,
        "clock_source": "timesyncd",
        "clock_offset_ms": 0.8,
    }
    return MachineHealth(**{**usual, **more})


TROUBLES: tuple[dict[str, Any], ...] = (
    {"parts": parts(reader="no-answer")},
    {"parts": parts(printer="paper-out")},
    {"parts": parts(printer="cover-open"), "doors_open": [3]},
    {"machine": machine(clock_good=False, clock_source="", clock_offset_ms=None)},
    {"machine": machine(disk_free_mb=120, disk_worn_percent=100)},
    {"machine": machine(celsius=83.4, throttled_now=["under-voltage", "throttled"])},
    {"outbox": 1460, "outbox_oldest_s": 93_000.0},
    {"parts": parts(printer="paper-low"), "maintained": True},
)
EVERYTHING: dict[str, Any] = {
    "parts": parts(
        reader="no-answer",
        scanner="no-answer",
        printer="paper-out",
        board="no-answer",
        locker="no-answer",
        display="unplugged",
    ),
    "doors_open": [1, 2, 12],
    "frame_age_s": 240.0,
    "outbox": 12_345,
    "outbox_oldest_s": 900_000.0,
    "machine": machine(
        celsius=86.0,
        throttled_now=["under-voltage", "capped", "throttled"],
        throttled_since_start=["under-voltage", "capped", "throttled", "soft-limit"],
        disk_free_mb=12,
        disk_worn_percent=110,
        clock_good=False,
        clock_offset_ms=None,
    ),
}


def put_fleet(
    engine: Engine, communities: Sequence[str], now: dt.datetime, count: int, wrong: float = 0.15
) -> list[str]:
    """Register that many, with their last week. Returns their names."""
    names = []
    with engine.begin() as connection:
        for number in range(count):
            scope = communities[number % len(communities)]
            names.append(f"{scope}-{number + 10}")
            register(
                connection,
                name=names[-1],
                kind="board" if number % 5 == 4 else "terminal",
                public_key=f"{number + 7:064x}",
                scope=scope,
                centre=f"{scope}-centre-{number % 3}",
                now=now - 40 * DAY,
            )
    say(engine, names, now, Random(7), wrong)
    return names


def say(
    engine: Engine, names: Sequence[str], now: dt.datetime, random: Random, wrong: float
) -> None:
    """All of them come, say how they are, and some go."""
    words = {name: word(name, now - MINUTE, random, wrong) for name in names}
    with engine.begin() as connection:
        for name in names:
            lives(connection, name, now, random, gone=random.random() < wrong / 3)
        keep_health(connection, words, now - MINUTE)


def lives(connection: Any, name: str, now: dt.datetime, random: Random, *, gone: bool) -> None:
    """Its coming and going of the last week."""
    at = now - 8 * DAY
    while at < now - 6 * HOUR:
        keep_presence(connection, name, PresenceState.ONLINE, "b", at)
        at += random.uniform(0.5, 4) * DAY
        if at < now - 6 * HOUR:
            keep_presence(connection, name, PresenceState.OFFLINE, "b", at)
            at += random.uniform(0.05, 9) * HOUR
    if gone:
        back = random.uniform(0.1, 5) * HOUR
        keep_presence(connection, name, PresenceState.OFFLINE, "b", now - back)
    else:
        keep_presence(connection, name, PresenceState.ONLINE, "b", now - 5 * MINUTE)


def word(name: str, at: dt.datetime, random: Random, wrong: float) -> Health:
    said: dict[str, Any] = {"parts": parts(), "machine": machine(), "last_card_at": at - 9 * MINUTE}
    if random.random() < wrong:
        said |= random.choice(TROUBLES)
    return full(name, at, **said)


def full(name: str, at: dt.datetime, **said: Any) -> Health:
    """One word, with what is usual unless it is given."""
    usual: dict[str, Any] = {
        "terminal": name,
        "at": at,
        "bootid": "b",
        "began_at": at - 3 * DAY,
        "version": "1.4.0" if len(name) % 4 else "1.3.2",
        "firmware": "0.9.3",
        "frame_age_s": 0.0,
        "restarts": [
            RestartNote(at=at - 20 * DAY, reason="exit 1", lived_s=9000.0),
            RestartNote(at=at - 9 * DAY, reason="frozen", lived_s=86400.0 * 3),
            RestartNote(at=at - 3 * DAY, reason="asked", lived_s=86400.0 * 6),
        ],
        "errors": [
            ErrorNote(at=at - 2 * DAY, event="broker refused the connection"),
            ErrorNote(at=at - 3 * HOUR, event="the board was not told that this machine lives"),
        ],
    }
    return Health(**{**usual, **said})
