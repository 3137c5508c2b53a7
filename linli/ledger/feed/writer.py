"""Numbers the changes of each feed, in the transaction that makes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, update

from linli.ledger.database import upsert
from linli.ledger.feed.schema import change, feed_head
from linli.sync.messages import Change, Row, Stream, encode

ROWS_CAP = 2000
"""Rows of one change; a bulk import is told in several, so that none is too big to follow."""

Feed = tuple[str, Stream]


def append(
    connection: Connection, scope: str, stream: Stream, rows: Sequence[Row], now: dt.datetime
) -> int | None:
    """Write rows to the scope's feed as its next change (as several above `ROWS_CAP`) and return
    the last number; None where there are no rows.

    Numbers have no gaps: they are taken from the feed's head, whose row stays locked until the
    transaction ends."""
    last = None
    for start in range(0, len(rows), ROWS_CAP):
        last = _next_number(connection, scope, stream)
        numbered = Change(
            scope=scope,
            stream=stream,
            number=last,
            at=now,
            rows=list(rows[start : start + ROWS_CAP]),
        )
        connection.execute(
            insert(change).values(
                scope=scope,
                stream=stream.value,
                number=last,
                at=now,
                payload=encode(numbered),
                published=False,
            )
        )
    return last


def append_many(
    connection: Connection, changes: Mapping[Feed, Sequence[Row]], now: dt.datetime
) -> dict[Feed, int]:
    """Append to several feeds and return their new numbers. Heads are locked in the order of
    (scope, stream): transactions that append once, by this function, do not wait for each other
    in a circle."""
    numbers = {}
    for scope, stream in sorted(changes):
        number = append(connection, scope, stream, changes[scope, stream], now)
        if number is not None:
            numbers[scope, stream] = number
    return numbers


def _next_number(connection: Connection, scope: str, stream: Stream) -> int:
    following = (
        update(feed_head)
        .where(feed_head.c.scope == scope, feed_head.c.stream == stream.value)
        .values(number=feed_head.c.number + 1)
        .returning(feed_head.c.number)
    )
    number = connection.execute(following).scalar()
    if number is None:
        first = {"scope": scope, "stream": stream.value, "number": 0}
        upsert(connection, feed_head, [first], added=("number",))
        number = connection.execute(following).scalar_one()
    return int(number)
