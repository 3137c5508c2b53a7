"""What terminals say of leases, settled one word at a time after the batch that brought it.

A word is kept with its batch, so that the answer to the batch is true, and then applied in a
transaction of its own. A batch holds the people who tapped; a word holds purses: each in its own
order, and in one transaction the two would wait for each other in a circle.

The answer to a request is a row on the feed of the terminal's community, numbered like all rows: it
cannot be lost. A terminal that never saw it asks again under the same id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from linli.ledger.feed.leases import told_leases
from linli.ledger.feed.writer import append_many
from linli.ledger.ingest.events import Arrived, Reason
from linli.ledger.ingest.parking import park
from linli.ledger.ingest.schema import received, waiting_word
from linli.ledger.shop.leases import grant, read_lease, take_back
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.spending import Outcome
from linli.ledger.shop.spends import spend
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import (
    EVENT_TYPES,
    Envelope,
    LeaseEvent,
    LeaseRequest,
    LeaseReturn,
    LeaseRow,
    LeaseSpend,
    LeaseState,
    Stream,
)
from linli.sync.rules import lease_id

log = structlog.get_logger()
PARKED_AS = {
    Outcome.UNKNOWN_LEASE: (Reason.UNKNOWN_LEASE, "this terminal has no such lease"),
    Outcome.OTHER_CONTENT: (Reason.CONFLICT, "something else was said of this lease before"),
}


@dataclass(frozen=True, slots=True)
class Unfit:
    """A word that cannot be applied, and why."""

    reason: Reason
    detail: str


def keep_words(connection: Connection, events: Iterable[Arrived]) -> None:
    """Those of a batch's applied events that are about leases wait to be settled."""
    rows = [
        {"terminal": event.terminal, "seq": event.seq}
        for event in events
        if event.reason is None and isinstance(event.event, LeaseEvent)
    ]
    if rows:
        connection.execute(insert(waiting_word), rows)


def terminals_with_words(connection: Connection) -> list[str]:
    """Those of which something waits."""
    query = select(waiting_word.c.terminal).distinct().order_by(waiting_word.c.terminal)
    return list(connection.execute(query).scalars())


def settle_words(engine: Engine, name: str, now: dt.datetime) -> int:
    """Settle all that waits of one terminal, in its order; returns how many words that were. Each
    is settled once, also by several processes at once, or the database's error is raised."""
    settled = 0
    while True:
        seq: int | None = None
        try:
            with engine.begin() as connection:
                seq = _lock_next(connection, name)
                if seq is None:
                    return settled
                _settle(connection, name, seq, now)
        except OperationalError:
            raise
        except Exception as error:
            # One word must never stop those after it, whatever is wrong with it.
            if seq is None:
                raise
            log.exception("word about a lease cannot be settled", terminal=name, seq=seq)
            unfit = Unfit(Reason.UNPROCESSABLE, f"{type(error).__name__}: {error}")
            with engine.begin() as connection:
                _park(connection, name, seq, unfit, now)
        settled += 1


def _lock_next(connection: Connection, name: str) -> int | None:
    """The terminal is locked first, as whoever leases to it does."""
    row = select(terminal.c.name).where(terminal.c.name == name)
    connection.execute(row.with_for_update(key_share=True)).all()
    waiting = select(waiting_word.c.seq).where(waiting_word.c.terminal == name)
    first: int | None = connection.execute(waiting.order_by(waiting_word.c.seq).limit(1)).scalar()
    return first


def _settle(connection: Connection, name: str, seq: int, now: dt.datetime) -> None:
    row = _received(connection, name, seq)
    envelope = msgspec.json.decode(row.body, type=Envelope)
    event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])
    if not isinstance(event, LeaseEvent):
        raise TypeError(f"{envelope.type} is not about a lease")
    try:
        with connection.begin_nested():
            unfit = _apply(connection, name, seq, event, now)
    except ShopError as error:
        if isinstance(event, LeaseRequest) and error.refusal is not Refusal.OTHER_CONTENT:
            unfit = None
            _refuse(connection, name, event, error, now)
        else:
            unfit = Unfit(Reason.CONFLICT, str(error))
    if unfit is None:
        _forget(connection, name, seq)
    else:
        _park(connection, name, seq, unfit, now)


def _apply(
    connection: Connection, name: str, seq: int, event: LeaseEvent, now: dt.datetime
) -> Unfit | None:
    """Raises ShopError."""
    match event:
        case LeaseRequest():
            id_ = lease_id(event.account, event.request)
            again = read_lease(connection, id_) is not None
            grant(connection, name, event.account, event.request, event.points, now)
            if again:
                append_many(connection, told_leases(connection, [id_]), now)
            return None
        case LeaseSpend():
            ware = (event.ware or None, event.pieces)
            lease, points, what = event.lease, event.points, event.what
            spent = spend(connection, name, seq, lease, points, what, now, *ware)
            return _unfit(spent.outcome)
        case LeaseReturn():
            returned = take_back(connection, name, seq, event.lease, event.points, now)
            return _unfit(returned.outcome)


def _refuse(
    connection: Connection, name: str, event: LeaseRequest, error: ShopError, now: dt.datetime
) -> None:
    scope = select(terminal.c.scope).where(terminal.c.name == name)
    row = LeaseRow(
        id=lease_id(event.account, event.request),
        terminal=name,
        account=event.account,
        points=event.points,
        state=LeaseState.REFUSED,
        reason=error.refusal.value,
    )
    feed = (connection.execute(scope).scalar_one(), Stream.HOLDERS)
    append_many(connection, {feed: [row]}, now)


def _unfit(outcome: Outcome) -> Unfit | None:
    found = PARKED_AS.get(outcome)
    return None if found is None else Unfit(*found)


def _park(connection: Connection, name: str, seq: int, unfit: Unfit, now: dt.datetime) -> None:
    row = _received(connection, name, seq)
    park(connection, name, row.body, unfit.reason, unfit.detail, now, signed=True, seq=seq)
    connection.execute(
        update(received)
        .where(received.c.terminal == name, received.c.seq == seq)
        .values(applied=False, reason=unfit.reason.value)
    )
    _forget(connection, name, seq)


def _received(connection: Connection, name: str, seq: int) -> Row[Any]:
    query = select(received).where(received.c.terminal == name, received.c.seq == seq)
    return connection.execute(query).one()


def _forget(connection: Connection, name: str, seq: int) -> None:
    word = (waiting_word.c.terminal == name) & (waiting_word.c.seq == seq)
    connection.execute(delete(waiting_word).where(word))
