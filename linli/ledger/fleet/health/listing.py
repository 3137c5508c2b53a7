"""All terminals and boards as a maintainer looks at them: who they are, whether they are there,
how they are, and what of it needs a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.fleet.health.problems import Kind, Problem, unpacked
from linli.ledger.fleet.health.schema import terminal_health, terminal_presence
from linli.ledger.terminals.watching import Watched, watched_in
from linli.sync.health_messages import Health
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError

SILENT_AFTER = dt.timedelta(minutes=5)
"""One that is connected and says nothing of itself for so long."""
NEVER_AFTER = dt.timedelta(hours=1)
"""One that was registered and has not come for so long."""
SUSPICIOUS = frozenset({Kind.TWICE, Kind.QUARANTINED})
ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Presence:
    """As the broker told it; `since` by the ledger's clock."""

    online: bool
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Vitals:
    """Of its last word, which was heard at `heard_at`. What it does not measure is None."""

    heard_at: dt.datetime
    began_at: dt.datetime
    version: str
    firmware: str
    trial: str
    maintained: bool
    outbox: int
    outbox_oldest_s: float
    celsius: float | None
    disk_free_mb: int | None
    clock_good: bool
    problems: str


@dataclass(frozen=True, slots=True)
class Device:
    """`presence` is None for one that has never been connected, `vitals` for one that has never
    said how it is. `problems` are in the order in which a person is to look at them; one that is
    retired has none."""

    of: Watched
    presence: Presence | None
    vitals: Vitals | None
    problems: tuple[Problem, ...]

    @property
    def online(self) -> bool:
        return self.presence is not None and self.presence.online

    @property
    def maintained(self) -> bool:
        """Somebody is looking after it right now."""
        return self.online and self.vitals is not None and self.vitals.maintained

    @property
    def pressing(self) -> tuple[Problem, ...]:
        """Of its problems what needs somebody: while it is looked after, only what it could have a
        reason to hide."""
        kinds = SUSPICIOUS if self.maintained else ORDER.keys()
        return tuple(problem for problem in self.problems if problem.kind in kinds)

    @property
    def needs_somebody(self) -> bool:
        return bool(self.pressing)


def fleet(
    connection: Connection,
    now: dt.datetime,
    scopes: Collection[str] | None = None,
    name: str | None = None,
) -> list[Device]:
    """By name; of these communities, of all where None; or the one of that name."""
    here, said_by = select(terminal_presence), select(*_VITALS)
    if name is not None:
        here = here.where(terminal_presence.c.terminal == name)
        said_by = said_by.where(terminal_health.c.terminal == name)
    present = {row.terminal: row for row in connection.execute(here)}
    said = {row.terminal: row for row in connection.execute(said_by)}
    found = []
    for of in watched_in(connection, scopes, name):
        row, word = present.get(of.name), said.get(of.name)
        presence = Presence(row.online, row.since) if row else None
        vitals = Vitals(*word[1:]) if word else None
        problems = () if of.retired_at else _problems(of, presence, vitals, now)
        found.append(Device(of, presence, vitals, problems))
    return found


def last_word(connection: Connection, name: str) -> Health | None:
    """All that a terminal said of itself last; None for one that has never, and where a ledger of
    another version kept what this one does not read."""
    query = select(terminal_health.c.doc).where(terminal_health.c.terminal == name)
    doc: bytes | None = connection.execute(query).scalar()
    try:
        return None if doc is None else parse(doc, Health)
    except MalformedError:
        return None


_VITALS = [
    terminal_health.c.terminal,
    *(terminal_health.c[name] for name in Vitals.__dataclass_fields__),
]


def _problems(
    of: Watched, presence: Presence | None, vitals: Vitals | None, now: dt.datetime
) -> tuple[Problem, ...]:
    """What one that is away said of itself before is no news."""
    found = [Problem(Kind.TWICE)] if of.alarms else []
    if of.quarantined_at is not None:
        found.append(Problem(Kind.QUARANTINED, since=of.quarantined_at))
    if presence is None:
        if now - of.registered_at > NEVER_AFTER:
            found.append(Problem(Kind.OFFLINE, word="never", since=of.registered_at))
    elif not presence.online:
        found.append(Problem(Kind.OFFLINE, since=presence.since))
    elif vitals is not None:
        if now - vitals.heard_at > SILENT_AFTER:
            found.append(Problem(Kind.SILENT, since=vitals.heard_at))
        found += unpacked(vitals.problems)
    return tuple(
        sorted(
            found, key=lambda problem: (ORDER[problem.kind], len(problem.subject), problem.subject)
        )
    )
