"""Forgets changes that everybody had time to follow; whoever did not fetches a snapshot."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, delete, func, select, true

from linli.ledger.database import reading
from linli.ledger.feed.schema import change

KEPT = dt.timedelta(days=7)


def forget_old(engine: Engine, now: dt.datetime) -> int:
    """Delete published changes older than seven days, feed by feed; returns how many. They are
    looked for without holding up a writer."""
    old = (change.c.published == true()) & (change.c.at < now - KEPT)
    with reading(engine) as connection:
        feeds = connection.execute(
            select(change.c.scope, change.c.stream, func.max(change.c.number).label("last"))
            .where(old)
            .group_by(change.c.scope, change.c.stream)
        ).all()
    forgotten = 0
    for feed in feeds:
        with engine.begin() as connection:
            forgotten += connection.execute(
                delete(change).where(
                    change.c.scope == feed.scope,
                    change.c.stream == feed.stream,
                    change.c.number <= feed.last,
                    old,
                )
            ).rowcount
    return forgotten
