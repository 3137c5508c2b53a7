"""Tells terminals how leases stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.feed.telling import Told
from linli.ledger.shop.schema import lease
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import LeaseRow, LeaseState, Stream

Found = tuple[str, LeaseRow]
"""The community whose terminals are told, and what."""


def told_leases(connection: Connection, ids: Collection[str]) -> Told:
    """Rows of these leases for the feeds of their terminals."""
    told: Told = defaultdict(list)
    for chunk in in_chunks(sorted(ids)):
        for scope, row in find_leases(connection, lease.c.id.in_(chunk)):
            told[scope, Stream.HOLDERS].append(row)
    return told


def find_leases(connection: Connection, where: ColumnElement[bool]) -> Iterator[Found]:
    """The condition may name columns of the lease's terminal too."""
    query = (
        select(lease, terminal.c.scope)
        .join(terminal, terminal.c.name == lease.c.terminal)
        .where(where)
        .order_by(lease.c.id)
    )
    for row in connection.execute(query):
        state = LeaseState.GRANTED if row.recalled_at is None else LeaseState.RECALLED
        if row.closed_at is not None:
            state = LeaseState.ENDED
        yield (
            row.scope,
            LeaseRow(
                id=row.id,
                terminal=row.terminal,
                account=row.holder,
                points=row.points,
                state=state,
            ),
        )
