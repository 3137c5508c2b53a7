"""Numbers the changes of each feed, in the transaction that makes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, update

from linli.ledger.database import insert_rows, upsert
from linli.ledger.feed.schema import change, feed_head
from linli.ledger.prepared import Prepared
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
    return append_many(connection, {(scope, stream): rows}, now).get((scope, stream))


def append_many(
    connection: Connection, changes: Mapping[Feed, Sequence[Row]], now: dt.datetime
) -> dict[Feed, int]:
    """Append to several feeds and return their new numbers. Heads are locked in the order of
    (scope, stream): transactions that append once, by this function, do not wait for each other
    in a circle."""
    numbers: dict[Feed, int] = {}
    written = []
    for scope, stream in sorted(changes):
        rows = changes[scope, stream]
        for start in range(0, len(rows), ROWS_CAP):
            number = _next_number(connection, scope, stream)
            some = list(rows[start : start + ROWS_CAP])
            numbered = Change(scope=scope, stream=stream, number=number, at=now, rows=some)
            written.append(
                {
                    "scope": scope,
                    "stream": stream.value,
                    "number": number,
                    "at": now,
                    "payload": encode(numbered),
                    "published": False,
                }
            )
            numbers[scope, stream] = number
    for one in written:  # each by itself: they are few, and large
        insert_rows(connection, change, [one])
    return numbers


_FOLLOWING = Prepared(
    update(feed_head)
    .where(
        feed_head.c.scope == bindparam("of_scope"),
        feed_head.c.stream == bindparam("of_stream"),
    )
    .values(number=feed_head.c.number + 1)
    .returning(feed_head.c.number)
)


def _next_number(connection: Connection, scope: str, stream: Stream) -> int:
    feed = {"of_scope": scope, "of_stream": stream.value}
    found = _FOLLOWING.all(connection, **feed)
    if not found:
        first = {"scope": scope, "stream": stream.value, "number": 0}
        upsert(connection, feed_head, [first], added=("number",))
        found = _FOLLOWING.all(connection, **feed)
    return int(found[0][0])
