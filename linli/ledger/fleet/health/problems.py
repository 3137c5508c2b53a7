"""What of a terminal needs a person, as far as its own word shows it. Pure.

Each problem has a kind, what it is about and a word of its own, and since when it has stood: that
is carried on from word to word, by the ledger's clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from linli.sync.health_messages import HOT_C, Health, MachineHealth, PartHealth, PartState

DISK_FREE_MB, DISK_FREE_SHARE = 500, 0.10
"""Free on the disk: less than either is too little."""
WORN_PERCENT = 90
BACKLOG = 100
BACKLOG_S = 3600.0
CLOCK_OFF_S = 120.0
"""A word from further in the future than this is by a wrong clock."""
OFFSET_MS = 2000.0
FROZEN_S = 60.0
RESTARTS, RESTARTS_WITHIN = 3, dt.timedelta(hours=1)


class Kind(StrEnum):
    """Those of a part bear its name. OFFLINE, SILENT, TWICE, QUARANTINED are what only the ledger
    knows. The order is the order in which a person is to look."""

    OFFLINE = "offline"
    SILENT = "silent"
    TWICE = "twice"
    QUARANTINED = "quarantined"
    READER = "reader"
    FROZEN = "frozen"
    RESTARTING = "restarting"
    POWER = "power"
    HOT = "hot"
    DISK = "disk"
    DOOR = "door"
    LOCKER = "locker"
    BOARD = "board"
    PAPER = "paper"
    PRINTER = "printer"
    CLOCK = "clock"
    BACKLOG = "backlog"
    SCANNER = "scanner"
    DISPLAY = "display"
    SOUND = "sound"
    WORN = "worn"


UNDER_VOLTAGE = "under-voltage"
PARTS = {"reader", "scanner", "printer", "board", "locker", "display", "sound"}


@dataclass(frozen=True, slots=True)
class Problem:
    """`subject` is which one of several (a reader, a door), `word` what is wrong with it, for
    programs: either may be empty."""

    kind: Kind
    subject: str = ""
    word: str = ""
    since: dt.datetime | None = None


def problems_of(word: Health, now: dt.datetime) -> list[Problem]:
    """Those that stand in this word, which was heard now."""
    machine = word.machine
    found = [problem for part in word.parts for problem in _of_part(part)]
    found += [Problem(Kind.DOOR, str(door)) for door in word.doors_open]
    said = [
        (Kind.HOT, _over(machine.celsius, HOT_C)),
        (Kind.DISK, nearly_full(machine)),
        (Kind.WORN, _over(machine.disk_worn_percent, WORN_PERCENT)),
        (Kind.CLOCK, _clock_off(word, now)),
        (Kind.BACKLOG, word.outbox > BACKLOG or word.outbox_oldest_s > BACKLOG_S),
        (Kind.FROZEN, _over(word.frame_age_s, FROZEN_S)),
        (Kind.RESTARTING, _restarts_lately(word) >= RESTARTS),
    ]
    if is_strained(machine):
        found.append(Problem(Kind.POWER, word=UNDER_VOLTAGE))
    return found + [Problem(kind) for kind, holds in said if holds]


def nearly_full(machine: MachineHealth, margin: float = 1.0) -> bool:
    """Whether less is free than that many times what is too little."""
    free, total = machine.disk_free_mb, machine.disk_total_mb
    if free is None:
        return False
    least = max(DISK_FREE_MB, (total or 0) * DISK_FREE_SHARE)
    return free < least * margin


def is_strained(machine: MachineHealth) -> bool:
    """Whether its power is too weak. One that is slowed down by heat is told as hot."""
    return UNDER_VOLTAGE in machine.throttled_now


def carried(found: Iterable[Problem], before: Iterable[Problem], now: dt.datetime) -> list[Problem]:
    """With since when each has stood: one that stood in the word before goes on."""
    since = {(old.kind, old.subject): old.since for old in before}
    return [replace(new, since=since.get((new.kind, new.subject)) or now) for new in found]


def packed(problems: Iterable[Problem]) -> str:
    """As the database keeps them."""
    return msgspec.json.encode(list(problems)).decode()


def unpacked(text: str) -> list[Problem]:
    return _decoder.decode(text)


_decoder = msgspec.json.Decoder(list[Problem])


def _of_part(part: PartHealth) -> Iterator[Problem]:
    if part.state in (PartState.WORKING, PartState.ABSENT):
        return
    if part.what not in PARTS:
        return  # a part that only a newer terminal knows
    kind = Kind(part.what)
    if kind is Kind.PRINTER and part.problem.startswith("paper"):
        kind = Kind.PAPER
    yield Problem(kind, part.name, part.problem or part.state.value)


def _clock_off(word: Health, now: dt.datetime) -> bool:
    ahead = (word.at - now).total_seconds() > CLOCK_OFF_S
    offset = abs(word.machine.clock_offset_ms or 0.0) > OFFSET_MS
    return ahead or offset or not word.machine.clock_good


def _restarts_lately(word: Health) -> int:
    return sum(dt.timedelta(0) <= word.at - one.at < RESTARTS_WITHIN for one in word.restarts)


def _over(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit
