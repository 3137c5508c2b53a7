"""What happened to each terminal, for its page: the newest few hundred, of the last months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select

from linli.ledger.database import in_chunks, insert_rows
from linli.ledger.fleet.health.problems import Problem
from linli.ledger.fleet.health.schema import terminal_history
from linli.sync.health_messages import Health

KEPT = 500
KEPT_FOR = dt.timedelta(days=90)
HOURLY = 40
"""Of one terminal: a part that comes and goes must not push out all else."""

FIRST = "first"


class What(StrEnum):
    """BEGAN and ENDED are of problems, `subject` is their kind and, after a colon, which one.
    The first ONLINE of all has FIRST as its `detail`. STARTED is the program, `subject` why it
    had ended before, empty where nobody knows. Of VERSION and FIRMWARE, `subject` is the new one
    and `detail` the one before."""

    ONLINE = "online"
    OFFLINE = "offline"
    STARTED = "started"
    BEGAN = "began"
    ENDED = "ended"
    VERSION = "version"
    FIRMWARE = "firmware"


@dataclass(frozen=True, slots=True)
class Happening:
    what: What
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """`what` may be one that only a newer ledger writes."""

    at: dt.datetime
    what: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Before:
    """What was kept of the word before."""

    began_at: dt.datetime
    bootid: str
    version: str
    firmware: str
    problems: Sequence[Problem]


def happened(before: Before | None, word: Health, problems: Sequence[Problem]) -> list[Happening]:
    """Between two words of one terminal. Of the first, nothing is told but its problems. Pure."""
    found = []
    if before is not None:
        if before.bootid != word.bootid:
            found.append(Happening(What.STARTED, _reason(before, word)))
        if before.version != word.version:
            found.append(Happening(What.VERSION, word.version, before.version))
        if word.firmware and before.firmware and before.firmware != word.firmware:
            found.append(Happening(What.FIRMWARE, word.firmware, before.firmware))
    old = {_subject(one): one.word for one in before.problems} if before else {}
    new = {_subject(one): one.word for one in problems}
    found += [Happening(What.BEGAN, key, said) for key, said in new.items() if key not in old]
    found += [Happening(What.ENDED, key, said) for key, said in old.items() if key not in new]
    return found


def append(
    connection: Connection, happenings: Mapping[str, Sequence[Happening]], now: dt.datetime
) -> None:
    for names in in_chunks(name for name, some in happenings.items() if some):
        known = _lately(connection, names, now)
        rows = [
            _row(name, one, now)
            for name in names
            for one in happenings[name][: max(0, HOURLY - known.get(name, 0))]
        ]
        insert_rows(connection, terminal_history, rows)
        for name in names:
            _forget(connection, name, now)


def history(connection: Connection, name: str, since: dt.datetime) -> list[Entry]:
    """The newest first."""
    table = terminal_history.c
    query = (
        select(table.at, table.kind, table.subject, table.detail)
        .where(table.terminal == name, table.at >= since)
        .order_by(table.number.desc())
    )
    return [Entry(*row) for row in connection.execute(query)]


def _lately(connection: Connection, names: Sequence[str], now: dt.datetime) -> dict[str, int]:
    table = terminal_history.c
    query = (
        select(table.terminal, func.count())
        .where(table.terminal.in_(names), table.at > now - dt.timedelta(hours=1))
        .group_by(table.terminal)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _row(name: str, one: Happening, now: dt.datetime) -> dict[str, object]:
    return {
        "terminal": name,
        "at": now,
        "kind": one.what.value,
        "subject": one.subject[:100],
        "detail": one.detail[:200],
    }


def _forget(connection: Connection, name: str, now: dt.datetime) -> None:
    table = terminal_history.c
    of_it = table.terminal == name
    newest = select(table.number).where(of_it).order_by(table.number.desc())
    edge = newest.offset(KEPT).limit(1).scalar_subquery()
    old = (table.number <= edge) | (table.at < now - KEPT_FOR)
    connection.execute(delete(terminal_history).where(of_it, old))


def _subject(problem: Problem) -> str:
    return f"{problem.kind.value}:{problem.subject}" if problem.subject else problem.kind.value


def _reason(before: Before, word: Health) -> str:
    """The last end that was written down, unless it is of a start before."""
    last = word.restarts[-1] if word.restarts else None
    return last.reason if last is not None and last.at >= before.began_at else ""
