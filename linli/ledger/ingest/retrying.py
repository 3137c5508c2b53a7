"""Parked events whose person, card or activity has become known since: taken after all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import structlog
from msgspec import Raw
from sqlalchemy import Connection, Engine, delete, select, update

from linli.ledger.ingest.concerned import check_references, hold_concerned
from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.events import Arrived, Reason, read_events
from linli.ledger.ingest.schema import parked, received
from linli.ledger.ingest.words import keep_words, settle_words, terminals_with_words
from linli.ledger.standard.versions import Standards, StandardShelf
from linli.ledger.terminals.schema import terminal

log = structlog.get_logger()
CURABLE = (
    Reason.UNKNOWN_ACCOUNT,
    Reason.UNKNOWN_ACTIVITY,
    Reason.UNKNOWN_CARD,
    Reason.UNKNOWN_LEASE,
    Reason.UNKNOWN_ORDER,
    Reason.UNKNOWN_TYPE,
)


def retry(engine: Engine, shelf: StandardShelf, now: dt.datetime) -> int:
    """Take every parked event that fits by now, settle the words among them, and
    return how many were taken."""
    with engine.begin() as connection:
        taken = retry_parked(connection, shelf.read(connection), now)
        names = terminals_with_words(connection)
    for name in names:
        settle_words(engine, name, now)
    return taken


def retry_parked(connection: Connection, standards: Standards, now: dt.datetime) -> int:
    """Take every parked event that fits by now, and return how many did. Words are to be
    settled after it (words.py): one whose lease or order is still not there is parked again."""
    waiting = _checked(connection, CURABLE)
    cured = [event for event in waiting if event.reason is None]
    for event in cured:
        _take(connection, event)
    pairs = {(event.account, event.activity) for event in cured if event.activity}
    if pairs:
        derive(connection, pairs, standards, now)
    return len(cured) + _retry_set_aside(connection, standards, now)


def _retry_set_aside(connection: Connection, standards: Standards, now: dt.datetime) -> int:
    """What could not be processed for an unforeseen reason, one by one: a mended program may
    take it, and what still fails leaves the others alone."""
    taken = 0
    for event in _checked(connection, (Reason.UNPROCESSABLE,)):
        if event.reason is not None:
            continue
        try:
            with connection.begin_nested():
                _take(connection, event)
                if event.activity:
                    derive(connection, [(event.account, event.activity)], standards, now)
            taken += 1
        except Exception:
            log.exception("event still cannot be processed", terminal=event.terminal, seq=event.seq)
    return taken


def _checked(connection: Connection, reasons: Sequence[Reason]) -> list[Arrived]:
    waiting = _waiting(connection, reasons)
    accounts = {event.account for event in waiting if event.account}
    activities = {event.activity for event in waiting if event.activity}
    return check_references(waiting, hold_concerned(connection, accounts, activities))


def _waiting(connection: Connection, reasons: Sequence[Reason]) -> list[Arrived]:
    query = select(received.c.terminal, received.c.batch, received.c.body).where(
        received.c.applied.is_(False),
        received.c.reason.in_([reason.value for reason in reasons]),
        received.c.terminal.not_in(
            select(terminal.c.name).where(terminal.c.quarantined_at.is_not(None))
        ),
    )
    return [
        event
        for row in connection.execute(query).all()
        for event in read_events(row.terminal, row.batch, [Raw(row.body)])[0]
    ]


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
    keep_words(connection, [event])
