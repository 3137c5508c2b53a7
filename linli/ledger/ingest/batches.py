"""Payloads from the broker become part of the ledger, or are parked: the whole way in one
transaction, and the answers only after it.

What nobody vouches for is parked and not answered. What a known terminal signed is kept: its
events each once (key: terminal and seq), whatever the order and number of deliveries. Words of
leases and doors and the like are kept with the others, and settled after it (words.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select

from linli.ledger.database import update_rows
from linli.ledger.ingest import chain
from linli.ledger.ingest.events import Arrived, NoNumberError, Reason, read_events
from linli.ledger.ingest.keeping import (
    insert_events,
    keep_events,
    not_yet_received,
    park_event,
)
from linli.ledger.ingest.parking import park
from linli.ledger.ingest.schema import batch as batch_table
from linli.ledger.ingest.schema import received
from linli.ledger.ingest.vouching import Message, RefusedError, held_elsewhere, vouch
from linli.ledger.prepared import Prepared
from linli.ledger.standard.versions import Standards
from linli.ledger.terminals.doubles import Sign, raise_alarm
from linli.ledger.terminals.schema import terminal as terminal_table
from linli.sync.messages import Ack
from linli.sync.signing import Opened


def take(
    connection: Connection, name: str, payload: bytes, standards: Standards, now: dt.datetime
) -> Ack | None:
    """Take what came on the events topic of terminal `name`. The answer may be given once the
    caller's transaction is committed; None where there is nobody to answer."""
    (answer,) = take_together(connection, [Message(name, payload)], standards, now)
    return answer


def take_together(
    connection: Connection, messages: Sequence[Message], standards: Standards, now: dt.datetime
) -> list[Ack | None]:
    """Take several, and return the answer to each. The ledger holds what it would hold after one
    and the other; what all of them change is asked, derived, written and told once."""
    found: list[list[Arrived] | None] = []
    for message, opened in zip(messages, vouch(connection, messages), strict=True):
        found.append(_events_of(connection, message, opened, now))
    arrived = [event for events in found if events for event in events]
    if arrived:
        keep_events(connection, arrived, standards, now)
    names = {m.name for m, events in zip(messages, found, strict=True) if events is not None}
    answers = {name: _answer(connection, name) for name in sorted(names)}
    return [
        None if events is None else answers[m.name]
        for m, events in zip(messages, found, strict=True)
    ]


Answer = tuple[str, Ack | None]
"""To which terminal, and what; None where there is nobody to answer."""


def take_free(
    connection: Connection, messages: Sequence[Message], standards: Standards, now: dt.datetime
) -> tuple[list[Answer], list[Message]]:
    """Take those of terminals that no other worker has in hand just now; returns the answers, and
    the messages that have to wait. Where it would be all of them, they are waited for here."""
    held = held_elsewhere(connection, {message.name for message in messages})
    free = [message for message in messages if message.name not in held] or messages
    answers = take_together(connection, free, standards, now)
    names = [message.name for message in free]
    later = [] if free is messages else [m for m in messages if m.name in held]
    return list(zip(names, answers, strict=True)), later


def _events_of(
    connection: Connection, message: Message, opened: Opened | RefusedError, now: dt.datetime
) -> list[Arrived] | None:
    """The events to be kept, none of a batch that came before; None where there is nobody to
    answer."""
    name, payload = message
    if isinstance(opened, RefusedError):
        if opened.reason is not Reason.QUARANTINED:
            park(connection, name, payload, opened.reason, str(opened), now, signed=False)
        return None
    try:
        arrived, loose = read_events(name, opened.batch.number, opened.batch.events)
    except NoNumberError as error:
        park(connection, name, payload, Reason.MALFORMED, str(error), now, signed=True)
        return None
    known = chain.neighbours(connection, opened)
    wrong = chain.contradiction(opened, known)
    if chain.is_known(opened, known):
        arrived = []
        if not chain.is_fork(opened, known):
            wrong = ""
    else:
        chain.remember(connection, opened, forked=bool(wrong))
    if wrong:
        # Not answered: the watermark speaks of other events under the same numbers, and would
        # let the terminal throw away its own.
        park(connection, name, payload, Reason.FORK, wrong, now, signed=True)
        raise_alarm(connection, name, Sign.FORK, wrong, now)
        return None
    for body in loose if arrived else ():
        detail = "it has no number that is its own"
        park(connection, name, body, Reason.MALFORMED, detail, now, signed=True)
    return arrived


def set_aside(
    connection: Connection, name: str, payload: bytes, detail: str, now: dt.datetime
) -> Ack | None:
    """A batch that cannot be applied, for a reason nobody foresaw: its events are kept and
    parked one by one, so that the terminal goes on and `linli ledger parked --retry` may take
    them after all. Raises RefusedError and NoNumberError like the true way."""
    (opened,) = vouch(connection, [Message(name, payload)])
    if isinstance(opened, RefusedError):
        raise opened
    arrived, _ = read_events(name, opened.batch.number, opened.batch.events)
    known = chain.neighbours(connection, opened)
    if not chain.is_known(opened, known):
        if chain.contradiction(opened, known):
            return None
        chain.remember(connection, opened, forked=False)
        fresh = [
            event if event.reason else replace(event, reason=Reason.UNPROCESSABLE, detail=detail)
            for event in not_yet_received(connection, arrived, now)
        ]
        for event in fresh:
            park_event(connection, event, event.reason or Reason.UNPROCESSABLE, detail, now)
        insert_events(connection, fresh, now)
    return _answer(connection, name)


_TIP = Prepared(
    select(batch_table.c.number, batch_table.c.digest)
    .join(
        received,
        (received.c.terminal == batch_table.c.terminal)
        & (received.c.batch == batch_table.c.number),
    )
    .where(
        batch_table.c.terminal == bindparam("of"),
        received.c.seq == bindparam("seq"),
        batch_table.c.forked.is_(False),
    )
)


def _answer(connection: Connection, name: str) -> Ack:
    """What is kept of a terminal by now, and the batch that brought the last of it."""
    watermark = _advance(connection, name)
    for number, digest in _TIP.all(connection, of=name, seq=watermark):
        return Ack(terminal=name, watermark=watermark, batch=number, digest=digest)
    return Ack(terminal=name, watermark=watermark)


_WATERMARK = Prepared(
    select(terminal_table.c.watermark).where(terminal_table.c.name == bindparam("of"))
)
_ABOVE = Prepared(
    select(received.c.seq)
    .where(received.c.terminal == bindparam("of"), received.c.seq > bindparam("old"))
    .order_by(received.c.seq)
)


def _advance(connection: Connection, name: str) -> int:
    """The highest seq with none missing below it, kept beside the terminal."""
    old: int = _WATERMARK.all(connection, of=name)[0][0]
    new = old
    for (seq,) in _ABOVE.all(connection, of=name, old=old):
        if seq != new + 1:
            break
        new = seq
    if new != old:
        update_rows(connection, terminal_table, [{"name": name, "watermark": new}])
    return new
