"""Asks terminals for leases that should not be there any more. Only the terminal itself knows what
it has spent, so nothing moves before it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, select, update

from linli.ledger.feed.leases import told_leases
from linli.ledger.feed.telling import Told
from linli.ledger.shop.schema import lease
from linli.ledger.terminals.schema import terminal


def recall(connection: Connection, holders: Collection[str], now: dt.datetime) -> Told:
    """Ask for every lease of these holders that is not ended; returns what their terminals are to
    be told. What was asked for before is told again."""
    open_ = lease.c.holder.in_(holders) & lease.c.closed_at.is_(None)
    ids = connection.execute(select(lease.c.id).where(open_)).scalars().all()
    first = open_ & lease.c.recalled_at.is_(None)
    connection.execute(update(lease).where(first).values(recalled_at=now))
    return told_leases(connection, ids)


def lease_scopes(connection: Connection, holders: Collection[str]) -> set[str]:
    """The communities in which terminals hold points of these people."""
    query = (
        select(terminal.c.scope)
        .join(lease, lease.c.terminal == terminal.c.name)
        .where(lease.c.holder.in_(holders), lease.c.closed_at.is_(None))
    )
    return set(connection.execute(query).scalars())
