"""One payload from the broker becomes part of the ledger, or is parked: the whole way in one
transaction, and the answer only after it.

What nobody vouches for is parked and not answered. What a known terminal signed is kept: its
events each once (key: terminal and seq), whatever the order and number of deliveries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from linli.ledger.activities.schema import activity
from linli.ledger.database import in_chunks
from linli.ledger.feed.telling import Pair
from linli.ledger.ingest import chain
from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.events import Arrived, NoNumberError, Reason, read_events
from linli.ledger.ingest.parking import SIZE_CAP, park
from linli.ledger.ingest.schema import received
from linli.ledger.people.directory import read_holders
from linli.ledger.standard.versions import Standards
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal as terminal_table
from linli.sync.messages import Ack
from linli.sync.signing import (
    MalformedError,
    Opened,
    SignatureError,
    open_sealed,
    public_from_hex,
    sender_of,
)


class RefusedError(Exception):
    """Nobody vouches for the payload: park it, answer nothing."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def take(
    connection: Connection, name: str, payload: bytes, standards: Standards, now: dt.datetime
) -> Ack | None:
    """Take what came on the events topic of terminal `name`. The answer may be given once the
    caller's transaction is committed; None where there is nobody to answer."""
    try:
        opened = _authenticated(connection, name, payload)
        arrived, loose = read_events(name, opened.batch.events)
    except RefusedError as refused:
        park(connection, name, payload, refused.reason, str(refused), now, signed=False)
        return None
    except NoNumberError as error:
        park(connection, name, payload, Reason.MALFORMED, str(error), now, signed=True)
        return None
    known = chain.neighbours(connection, opened)
    wrong = chain.contradiction(opened, known)
    if not chain.is_known(opened, known):
        chain.remember(connection, opened, forked=bool(wrong))
        if not wrong:
            for body in loose:
                detail = "it has no number that is its own"
                park(connection, name, body, Reason.MALFORMED, detail, now, signed=True)
            _take_events(connection, opened.batch.number, arrived, standards, now)
    elif not chain.is_fork(opened, known):
        wrong = ""
    if wrong:
        # Not answered: the watermark speaks of other events under the same numbers, and would
        # let the terminal throw away its own.
        park(connection, name, payload, Reason.FORK, wrong, now, signed=True)
        return None
    return Ack(terminal=name, watermark=_advance(connection, name))


def set_aside(
    connection: Connection, name: str, payload: bytes, detail: str, now: dt.datetime
) -> Ack | None:
    """A batch that cannot be applied, for a reason nobody foresaw: its events are kept and
    parked one by one, so that the terminal goes on and `linli ledger parked --retry` may take
    them after all. Raises RefusedError and NoNumberError like the true way."""
    opened = _authenticated(connection, name, payload)
    arrived, _ = read_events(name, opened.batch.events)
    known = chain.neighbours(connection, opened)
    if not chain.is_known(opened, known):
        if chain.contradiction(opened, known):
            return None
        chain.remember(connection, opened, forked=False)
        fresh = [
            event if event.reason else replace(event, reason=Reason.UNPROCESSABLE, detail=detail)
            for event in _not_yet_received(connection, arrived, now)
        ]
        for event in fresh:
            _park_event(connection, event, event.reason or Reason.UNPROCESSABLE, detail, now)
        if fresh:
            rows = [_row(event, opened.batch.number, now) for event in fresh]
            connection.execute(insert(received), rows)
    return Ack(terminal=name, watermark=_advance(connection, name))


def _authenticated(connection: Connection, name: str, payload: bytes) -> Opened:
    """Raises RefusedError."""
    if len(payload) > SIZE_CAP:
        raise RefusedError(Reason.TOO_LARGE, f"{len(payload)} bytes; at most {SIZE_CAP} are taken")
    try:
        claimed = sender_of(payload)
    except MalformedError as error:
        raise RefusedError(Reason.UNREADABLE, str(error)) from error
    if claimed != name:
        raise RefusedError(Reason.WRONG_NAME, f"it came on the topic of {name}, but says {claimed}")
    query = select(terminal_table.c.public_key).where(
        terminal_table.c.name == name,
        terminal_table.c.kind == TERMINAL,  # a board's key, on a wall, makes no points
    )
    key = connection.execute(query.with_for_update()).scalar()
    if key is None:
        raise RefusedError(Reason.UNKNOWN_TERMINAL, f"no terminal {name} is registered")
    try:
        return open_sealed(payload, public_from_hex(key))
    except MalformedError as error:
        raise RefusedError(Reason.UNREADABLE, str(error)) from error
    except SignatureError as error:
        raise RefusedError(Reason.WRONG_SIGNATURE, str(error)) from error


def _take_events(
    connection: Connection,
    number: int,
    arrived: Sequence[Arrived],
    standards: Standards,
    now: dt.datetime,
) -> None:
    checked = check_references(connection, _not_yet_received(connection, arrived, now))
    for event in checked:
        if event.reason is not None:
            _park_event(connection, event, event.reason, event.detail, now)
    if checked:
        rows = [_row(event, number, now) for event in checked]
        connection.execute(insert(received), rows)
    pairs = {(e.account, e.activity) for e in checked if e.reason is None and e.activity}
    pairs |= _dated_anew(connection, checked)
    if pairs:
        derive(connection, pairs, standards, now)


def _not_yet_received(
    connection: Connection, arrived: Sequence[Arrived], now: dt.datetime
) -> list[Arrived]:
    """Those whose number is new. The same number with another content is parked."""
    seqs = [event.seq for event in arrived]
    query = select(received.c.seq, received.c.digest).where(
        received.c.terminal == arrived[0].terminal, received.c.seq.in_(seqs)
    )
    digests = {row.seq: row.digest for row in connection.execute(query)}
    fresh = []
    for event in arrived:
        known = digests.get(event.seq)
        if known is None:
            digests[event.seq] = event.digest
            fresh.append(event)
        elif known != event.digest:
            detail = f"another event with the number {event.seq} came before"
            _park_event(connection, event, Reason.CONFLICT, detail, now)
    return fresh


def check_references(connection: Connection, arrived: Sequence[Arrived]) -> list[Arrived]:
    """The same events; those that speak of a person, card or activity unknown here say so."""
    holders = read_holders(connection, {e.account for e in arrived if e.account})
    wanted = {e.activity for e in arrived if e.activity}
    activities = {
        id_
        for chunk in in_chunks(wanted)
        for id_ in connection.execute(
            select(activity.c.id).where(activity.c.id.in_(chunk))
        ).scalars()
    }
    found = []
    for event in arrived:
        if event.event is None or (event.activity is None and not event.account):
            found.append(event)
        elif event.account not in holders:
            detail = f"there is no account {event.account}"
            found.append(replace(event, reason=Reason.UNKNOWN_ACCOUNT, detail=detail))
        elif event.activity is not None and event.activity not in activities:
            detail = f"there is no activity {event.activity}"
            found.append(replace(event, reason=Reason.UNKNOWN_ACTIVITY, detail=detail))
        elif event.event.card not in holders[event.account].cards:
            detail = f"account {event.account} has no card {event.event.card}"
            found.append(replace(event, reason=Reason.UNKNOWN_CARD, detail=detail))
        else:
            found.append(event)
    return found


def _dated_anew(connection: Connection, arrived: Collection[Arrived]) -> set[Pair]:
    """Pairs with events of uncertain time, in boots of which a good clock is heard just now."""
    boots = {
        (e.terminal, e.envelope.bootid) for e in arrived if e.envelope and e.envelope.clockgood
    }
    pairs = set()
    for name, boot in boots:
        query = select(received.c.account, received.c.activity).where(
            received.c.terminal == name,
            received.c.boot == boot,
            received.c.clockgood.is_(False),
            received.c.applied.is_(True),
            received.c.activity.is_not(None),
        )
        pairs |= {(row.account, row.activity) for row in connection.execute(query)}
    return pairs


def _park_event(
    connection: Connection, event: Arrived, reason: Reason, detail: str, now: dt.datetime
) -> None:
    park(connection, event.terminal, event.body, reason, detail, now, signed=True, seq=event.seq)


def _row(event: Arrived, number: int, now: dt.datetime) -> dict[str, object]:
    envelope = event.envelope
    return {
        "terminal": event.terminal,
        "seq": event.seq,
        "digest": event.digest,
        "type": envelope.type if envelope else "",
        "body": event.body,
        "boot": envelope.bootid if envelope else "",
        "claimed_at": envelope.time if envelope else None,
        "clockgood": envelope.clockgood if envelope else False,
        "monotonicms": envelope.monotonicms if envelope else 0,
        "received_at": now,
        "batch": number,
        "account": event.account or None,
        "activity": event.activity,
        "applied": event.reason is None,
        "reason": event.reason.value if event.reason else None,
    }


def _advance(connection: Connection, name: str) -> int:
    """The highest seq with none missing below it, kept beside the terminal."""
    query = select(terminal_table.c.watermark).where(terminal_table.c.name == name)
    old: int = connection.execute(query).scalar_one()
    new = old
    above = select(received.c.seq).where(received.c.terminal == name, received.c.seq > old)
    for seq in connection.execute(above.order_by(received.c.seq)).scalars():
        if seq != new + 1:
            break
        new = seq
    if new != old:
        connection.execute(
            update(terminal_table).where(terminal_table.c.name == name).values(watermark=new)
        )
    return new
