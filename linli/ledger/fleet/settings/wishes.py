"""What a maintainer wants of terminals' settings. A change is made over what its maker had seen:
of two at once the second is told so, and nothing of the first is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from linli.ledger.feed.documents import Retained
from linli.ledger.fleet.settings.schema import terminal_report, terminal_wish
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.registry import BOARD
from linli.ledger.terminals.schema import terminal
from linli.sync import topics
from linli.sync.messages import encode
from linli.sync.shadow_messages import Desired, Reported

Document = dict[str, Any]


class StaleError(ValueError):
    """Somebody else has changed these settings since they were shown; look again."""


@dataclass(frozen=True, slots=True)
class Wished:
    """What is wanted, since when and by whom: version 0 is the terminal's own file alone."""

    version: int
    doc: Document
    at: dt.datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A terminal's last word about its settings."""

    version: int
    state: str
    error: str
    detail: str
    heard_at: dt.datetime


def wished(connection: Connection, name: str) -> Wished:
    row = connection.execute(select(terminal_wish).where(terminal_wish.c.terminal == name)).first()
    if row is None:
        return Wished(0, {})
    doc = msgspec.json.decode(row.doc, type=Document)
    return Wished(row.version, doc, row.wished_at, row.wished_by)


def said(connection: Connection, name: str) -> Said | None:
    of_it = terminal_report.c.terminal == name
    row = connection.execute(select(terminal_report).where(of_it)).first()
    if row is None:
        return None
    return Said(row.version, row.state, row.error, row.detail, row.heard_at)


def seen_of(connection: Connection, scope: str) -> int:
    """Grows with every change to a terminal of the community."""
    return sum(wished(connection, name).version for name in _in_service(connection, scope))


def want(
    connection: Connection, name: str, doc: Document, seen: int, by: str, now: dt.datetime
) -> int:
    """The new version. Raises StaleError where `seen` is not the version that stands."""
    _hold(connection, [name])
    before = wished(connection, name)
    if before.version != seen:
        raise StaleError("somebody else changed these settings meanwhile")
    return _write(connection, name, before, doc, by, now)


def want_of_all(
    connection: Connection, scope: str, doc: Document, seen: int, by: str, now: dt.datetime
) -> list[str]:
    """Each terminal of the community keeps what `doc` does not speak of. Returns those that are
    changed by it. Raises StaleError where `seen` is not what `seen_of` says now."""
    names = _in_service(connection, scope)
    _hold(connection, names)
    if seen_of(connection, scope) != seen:
        raise StaleError("somebody else changed these settings meanwhile")
    changed = []
    for name in names:
        before = wished(connection, name)
        after = merged(before.doc, doc)
        if after != before.doc:
            _write(connection, name, before, after, by, now)
            changed.append(name)
    return changed


def merged(below: Document, above: Document) -> Document:
    """Tables are merged by their fields."""
    both = dict(below)
    for name, value in above.items():
        old = both.get(name)
        both[name] = old | value if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def report(connection: Connection, told: Reported, now: dt.datetime) -> bool:
    """Keep a terminal's word; False where nobody of that name is registered."""
    known = select(terminal.c.name).where(terminal.c.name == told.terminal).with_for_update()
    if connection.execute(known).first() is None:
        return False
    row = {
        "version": told.version,
        "state": told.state.value,
        "error": told.error.value if told.error else "",
        "detail": told.detail,
        "heard_at": now,
    }
    of_it = terminal_report.c.terminal == told.terminal
    if not connection.execute(update(terminal_report).where(of_it).values(row)).rowcount:
        connection.execute(insert(terminal_report).values({**row, "terminal": told.terminal}))
    return True


def desired(connection: Connection, told: Mapping[str, str]) -> Iterator[Retained]:
    """The retained messages that are not told yet, of terminals in service."""
    query = (
        select(terminal_wish.c.terminal, terminal_wish.c.version)
        .outerjoin(retired_terminal, retired_terminal.c.terminal == terminal_wish.c.terminal)
        .where(retired_terminal.c.terminal.is_(None))
    )
    for name, version in connection.execute(query).all():
        topic, edition = topics.desired(name), str(version)
        if told.get(topic) != edition:
            doc = msgspec.Raw(msgspec.json.encode(wished(connection, name).doc))
            yield Retained(topic, edition, encode(Desired(version=version, doc=doc)))


def _in_service(connection: Connection, scope: str) -> list[str]:
    query = (
        select(terminal.c.name)
        .outerjoin(retired_terminal, retired_terminal.c.terminal == terminal.c.name)
        .where(
            terminal.c.scope == scope,
            terminal.c.kind != BOARD,
            retired_terminal.c.terminal.is_(None),
        )
        .order_by(terminal.c.name)
    )
    return list(connection.execute(query).scalars())


def _hold(connection: Connection, names: list[str]) -> None:
    """Nobody else changes them before this transaction ends."""
    query = select(terminal.c.name).where(terminal.c.name.in_(names)).order_by(terminal.c.name)
    connection.execute(query.with_for_update()).all()


def _write(
    connection: Connection, name: str, before: Wished, doc: Document, by: str, now: dt.datetime
) -> int:
    row = {"version": before.version + 1, "doc": msgspec.json.encode(doc)}
    row |= {"wished_at": now, "wished_by": by[:64]}
    if before.version:
        of_it = terminal_wish.c.terminal == name
        connection.execute(update(terminal_wish).where(of_it).values(row))
    else:
        connection.execute(insert(terminal_wish).values({**row, "terminal": name}))
    return before.version + 1
