"""What a maintainer sees of terminals and boards: who they are, and what of theirs arrived."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from linli.ledger.ingest.schema import parked, received
from linli.ledger.terminals.schema import terminal


@dataclass(frozen=True, slots=True)
class Watched:
    """`heard_at` is when its newest event arrived, None for one that sent none; every event up to
    `watermark` is kept; `parked` of its messages wait for a person."""

    name: str
    kind: str
    public_key: str
    scope: str
    centre: str
    registered_at: dt.datetime
    heard_at: dt.datetime | None
    watermark: int
    parked: int


def watched(connection: Connection, scope: str) -> list[Watched]:
    """The terminals and boards of a community, by name."""
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
    query = select(terminal, newest.label("heard_at"), waiting.label("parked"))
    rows = connection.execute(query.where(terminal.c.scope == scope).order_by(terminal.c.name))
    return [
        Watched(
            row.name,
            row.kind,
            row.public_key,
            row.scope,
            row.centre,
            row.registered_at,
            row.heard_at,
            row.watermark,
            row.parked,
        )
        for row in rows
    ]
