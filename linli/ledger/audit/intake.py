"""Checks of what came in and what goes out: events, watermarks, feed numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from linli.ledger.audit.difference import Difference
from linli.ledger.feed.schema import change, feed_head
from linli.ledger.ingest.schema import batch, received
from linli.ledger.standard.versions import Standards
from linli.ledger.terminals.schema import terminal


def bodies(connection: Connection) -> Iterator[Difference]:
    """Every event is still the bytes that were received."""
    query = select(received.c.terminal, received.c.seq, received.c.digest, received.c.body)
    for row in connection.execute(query.order_by(received.c.terminal, received.c.seq)):
        digest = hashlib.sha256(row.body).hexdigest()
        if digest != row.digest:
            yield Difference(f"event {row.terminal}/{row.seq}, digest", row.digest, digest)


def watermarks(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each terminal's watermark is the end of its gapless events."""
    for name, kept in connection.execute(select(terminal.c.name, terminal.c.watermark)):
        seqs = select(received.c.seq).where(received.c.terminal == name).order_by(received.c.seq)
        derived = 0
        for seq in connection.execute(seqs).scalars():
            if seq != derived + 1:
                break
            derived = seq
        if kept != derived:
            yield Difference(f"terminal {name}, watermark", kept, derived)


def chains(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each batch that was taken follows the one before, where both are known, and every event
    came in one that is."""
    taken = select(batch).where(batch.c.forked.is_(False))
    before: tuple[str, int, str] | None = None
    known = set()
    for row in connection.execute(taken.order_by(batch.c.terminal, batch.c.number)):
        known.add((row.terminal, row.number))
        if before and before[:2] == (row.terminal, row.number - 1) and before[2] != row.previous:
            yield Difference(
                f"batch {row.terminal}/{row.number}, previous", row.previous, before[2]
            )
        before = (row.terminal, row.number, row.digest)
    query = select(received.c.terminal, received.c.batch).distinct()
    for row in connection.execute(query.order_by(received.c.terminal, received.c.batch)):
        if (row.terminal, row.batch) not in known:
            yield Difference(f"batch {row.terminal}/{row.batch}", "no such row", "a batch")


def feeds(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each feed's numbers have no gap up to its head (old changes are deleted from below)."""
    heads = {(row.scope, row.stream) for row in connection.execute(select(feed_head))}
    for row in connection.execute(select(change.c.scope, change.c.stream).distinct()):
        if (row.scope, row.stream) not in heads:
            yield Difference(f"feed {row.scope}/{row.stream}, head", "no such row", "a head")
    for head in connection.execute(select(feed_head)):
        here = (change.c.scope == head.scope) & (change.c.stream == head.stream)
        query = select(func.count(), func.min(change.c.number), func.max(change.c.number))
        count, first, last = connection.execute(query.where(here)).one()
        if count and (last != head.number or last - first + 1 != count):
            yield Difference(
                f"feed {head.scope}/{head.stream}, numbers",
                f"{count} from {first} to {last}",
                f"all up to {head.number}",
            )
