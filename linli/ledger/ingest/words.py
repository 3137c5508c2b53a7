"""What terminals say that is settled one word at a time, after the batch that brought it: of leases
and doors, objections and consents.

A word is kept with its batch, so that the answer to the batch is true, and then applied in a
transaction of its own. A batch holds the people who tapped; a word holds purses or feeds: each in
its own order, and in one transaction the two would wait for each other in a circle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from linli.ledger.ingest.dating import Reading, date
from linli.ledger.ingest.door_words import settle_door
from linli.ledger.ingest.events import Arrived, Reason
from linli.ledger.ingest.lease_words import settle_lease
from linli.ledger.ingest.parking import park
from linli.ledger.ingest.said_words import settle_said
from linli.ledger.ingest.schema import received, waiting_word
from linli.ledger.ingest.word import Later, Said, Settled, Unfit, Word
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import EVENT_TYPES, DoorEvent, Envelope, LeaseEvent

log = structlog.get_logger()
LATER = 100
"""Words of one terminal that may wait for other events: each is tried after every batch."""


def keep_words(connection: Connection, events: Iterable[Arrived]) -> None:
    """Those of a batch's applied events that are words wait to be settled."""
    rows = [
        {"terminal": event.terminal, "seq": event.seq}
        for event in events
        if event.reason is None and isinstance(event.event, Said)
    ]
    if rows:
        connection.execute(insert(waiting_word), rows)


def terminals_with_words(connection: Connection) -> list[str]:
    """Those of which something waits."""
    query = select(waiting_word.c.terminal).distinct().order_by(waiting_word.c.terminal)
    return list(connection.execute(query).scalars())


def settle_words(engine: Engine, name: str, now: dt.datetime, most: int | None = None) -> int:
    """Settle what waits of one terminal, `most` of it at a time, in its order, but for what waits
    for another event; returns how many words that were. Each is settled once, also by several
    processes at once, or the database's error is raised. Where more than LATER wait for other
    events, the rest is parked until somebody has it taken after all."""
    settled, passed, later = 0, 0, 0
    while most is None or settled < most:
        seq: int | None = None
        try:
            with engine.begin() as connection:
                seq = _lock_next(connection, name, passed)
                if seq is None:
                    return settled
                done = _settle(connection, name, seq, now, may_wait=later < LATER)
        except OperationalError:
            raise
        except Exception as error:
            # One word must never stop those after it, whatever is wrong with it.
            if seq is None:
                raise
            log.exception("word cannot be settled", terminal=name, seq=seq)
            unfit = Unfit(Reason.UNPROCESSABLE, f"{type(error).__name__}: {error}")
            with engine.begin() as connection:
                _park(connection, name, seq, unfit, now)
            done = True
        passed = seq
        settled += done
        later += not done
    return settled


def _lock_next(connection: Connection, name: str, passed: int) -> int | None:
    """The terminal is locked first, as whoever leases to it does."""
    row = select(terminal.c.name).where(terminal.c.name == name)
    connection.execute(row.with_for_update(key_share=True)).all()
    waiting = select(waiting_word.c.seq).where(
        waiting_word.c.terminal == name, waiting_word.c.seq > passed
    )
    first: int | None = connection.execute(waiting.order_by(waiting_word.c.seq).limit(1)).scalar()
    return first


def _settle(
    connection: Connection, name: str, seq: int, now: dt.datetime, *, may_wait: bool
) -> bool:
    """Whether it is done; otherwise it waits for another event."""
    came = _apply(connection, _word(connection, name, seq, now), now)
    if isinstance(came, Later):
        if may_wait:
            return False
        came = Unfit(Reason.UNKNOWN_ORDER, "too much of this terminal waits for other events")
    if isinstance(came, Unfit):
        _park(connection, name, seq, came, now)
    else:
        _forget(connection, name, seq)
    return True


def _apply(connection: Connection, word: Word, now: dt.datetime) -> Settled:
    said = word.said
    if isinstance(said, LeaseEvent):
        return settle_lease(connection, word, said, now)
    if isinstance(said, DoorEvent):
        return settle_door(connection, word, said, now)
    return settle_said(connection, word, said, now)


def _word(connection: Connection, name: str, seq: int, now: dt.datetime) -> Word:
    row = _received(connection, name, seq)
    envelope = msgspec.json.decode(row.body, type=Envelope)
    event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])
    if not isinstance(event, Said):
        raise TypeError(f"{envelope.type} is not settled by itself")
    said = date(_reading(row), _first_good(connection, row))
    return Word(name, seq, event, min(said.at, now), certain=said.flag != "clock")


def _first_good(connection: Connection, of: Row[Any]) -> Reading | None:
    """The boot's first event with a good clock, as far as it is known."""
    boot = (received.c.terminal == of.terminal) & (received.c.boot == of.boot)
    query = select(received).where(boot, received.c.clockgood.is_(True))
    row = connection.execute(query.order_by(received.c.seq).limit(1)).first()
    return None if row is None else _reading(row)


def _reading(row: Row[Any]) -> Reading:
    return Reading(row.claimed_at, row.monotonicms, row.clockgood)


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
