"""Parked events whose person, card or activity has become known since: taken after all."""

from __future__ import annotations

import datetime as dt

from msgspec import Raw
from sqlalchemy import Connection, delete, select, update

from linli.ledger.ingest.batches import check_references
from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.events import Arrived, Reason, read_events
from linli.ledger.ingest.schema import parked, received
from linli.ledger.standard.versions import Standards

CURABLE = (
    Reason.UNKNOWN_ACCOUNT,
    Reason.UNKNOWN_ACTIVITY,
    Reason.UNKNOWN_CARD,
    Reason.UNKNOWN_TYPE,
)


def retry_parked(connection: Connection, standards: Standards, now: dt.datetime) -> int:
    """Take every parked event that fits by now, and return how many did."""
    waiting = connection.execute(
        select(received.c.terminal, received.c.body).where(
            received.c.applied.is_(False), received.c.reason.in_([r.value for r in CURABLE])
        )
    ).all()
    read = [event for row in waiting for event in read_events(row.terminal, [Raw(row.body)])[0]]
    cured = [event for event in check_references(connection, read) if event.reason is None]
    for event in cured:
        _take(connection, event)
    pairs = {(event.account, event.activity) for event in cured if event.activity}
    if pairs:
        derive(connection, pairs, standards, now)
    return len(cured)


def _take(connection: Connection, event: Arrived) -> None:
    connection.execute(
        update(received)
        .where(received.c.terminal == event.terminal, received.c.seq == event.seq)
        .values(applied=True, reason=None, account=event.account or None, activity=event.activity)
    )
    connection.execute(
        delete(parked).where(
            parked.c.terminal == event.terminal,
            parked.c.digest == event.digest,
            parked.c.seq == event.seq,
        )
    )
