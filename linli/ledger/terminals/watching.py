"""What a maintainer sees of terminals and boards: who they are, and what of theirs arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from linli.ledger.ingest.schema import parked, received
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.schema import identity_alarm, terminal, terminal_certificate


@dataclass(frozen=True, slots=True)
class Watched:
    """`heard_at` is when its newest event arrived, None for one that sent none; every event up to
    `watermark` is kept; `parked` of its messages wait for a person. Its newest certificate ends at
    `certified_until`, None where it has none. `alarms` say that it may be there twice. Since
    `quarantined_at` nothing is taken of it."""

    name: str
    kind: str
    public_key: str
    scope: str
    centre: str
    registered_at: dt.datetime
    heard_at: dt.datetime | None
    watermark: int
    parked: int
    certified_until: dt.datetime | None
    alarms: int
    retired_at: dt.datetime | None
    retired_why: str | None
    distrusted_at: dt.datetime | None
    quarantined_at: dt.datetime | None
    quarantined_for: str | None


def watched(connection: Connection, scope: str) -> list[Watched]:
    """The terminals and boards of a community, by name."""
    return _watched(connection, terminal.c.scope == scope)


def watched_one(connection: Connection, scope: str, name: str) -> Watched | None:
    """One of them; None where the community has none of that name."""
    found = _watched(connection, (terminal.c.scope == scope) & (terminal.c.name == name))
    return found[0] if found else None


def watched_in(
    connection: Connection, scopes: Collection[str] | None = None, name: str | None = None
) -> list[Watched]:
    """Those of these communities, of all where None, by name; or the one of that name."""
    which: ColumnElement[bool] = true()
    if scopes is not None:
        which &= terminal.c.scope.in_(scopes)
    if name is not None:
        which &= terminal.c.name == name
    return _watched(connection, which)


def _watched(connection: Connection, which: ColumnElement[bool]) -> list[Watched]:
    newest = (
        select(received.c.received_at)
        .where(received.c.terminal == terminal.c.name)
        .order_by(received.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    waiting = (
        select(func.count())
        .select_from(parked)
        .where(parked.c.terminal == terminal.c.name)
        .scalar_subquery()
    )
    twice = (
        select(func.count())
        .select_from(identity_alarm)
        .where(identity_alarm.c.terminal == terminal.c.name, identity_alarm.c.settled_at.is_(None))
        .scalar_subquery()
    )
    certified = (
        select(func.max(terminal_certificate.c.until))
        .where(
            terminal_certificate.c.terminal == terminal.c.name,
            terminal_certificate.c.revoked_at.is_(None),
        )
        .scalar_subquery()
    )
    known: dict[str, ColumnElement[Any]] = {
        **{column.name: column for column in terminal.c},
        "retired_at": retired_terminal.c.at,
        "retired_why": retired_terminal.c.reason,
        "heard_at": newest,
        "parked": waiting,
        "alarms": twice,
        "certified_until": certified,
    }
    query = (
        select(*[known[name].label(name) for name in Watched.__dataclass_fields__])
        .select_from(terminal)
        .outerjoin(retired_terminal, retired_terminal.c.terminal == terminal.c.name)
        .where(which)
        .order_by(terminal.c.name)
    )
    # By place, not by name: there are thousands, and a page waits for them.
    return [Watched(*row) for row in connection.execute(query)]
