"""One payload from the broker becomes part of the ledger, or is parked: the whole way in one
transaction, and the answer only after it.

What nobody vouches for is parked and not answered. What a known terminal signed is kept: its
events each once (key: terminal and seq), whatever the order and number of deliveries. Words about
leases are kept with the others, and settled after it (words.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select

from linli.ledger.database import among, insert_rows, update_rows
from linli.ledger.feed.telling import Pair
from linli.ledger.ingest import chain
from linli.ledger.ingest.concerned import check_references, hold_concerned
from linli.ledger.ingest.derivation import derive_from
from linli.ledger.ingest.events import Arrived, NoNumberError, Reason, read_events
from linli.ledger.ingest.parking import SIZE_CAP, park
from linli.ledger.ingest.schema import received
from linli.ledger.ingest.taps import arriving_taps, kept_taps
from linli.ledger.ingest.words import keep_words
from linli.ledger.prepared import Prepared
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
            insert_rows(connection, received, rows)
    return Ack(terminal=name, watermark=_advance(connection, name))


_KEY = Prepared(
    select(terminal_table.c.public_key)
    .where(
        terminal_table.c.name == bindparam("of"),
        terminal_table.c.kind == TERMINAL,  # a board's key, on a wall, makes no points
    )
    .with_for_update()
)


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
    found = _KEY.all(connection, of=name)
    key = found[0][0] if found else None
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
    fresh = _not_yet_received(connection, arrived, now)
    redated = _dated_anew(connection, fresh)
    concerned = hold_concerned(
        connection,
        {e.account for e in fresh if e.account} | {account for account, _ in redated},
        {e.activity for e in fresh if e.activity} | {activity for _, activity in redated},
    )
    checked = check_references(fresh, concerned)
    for event in checked:
        if event.reason is not None:
            _park_event(connection, event, event.reason, event.detail, now)
    pairs = redated | {(e.account, e.activity) for e in checked if e.reason is None and e.activity}
    before = kept_taps(connection, pairs) if pairs else []
    insert_rows(connection, received, [_row(event, number, now) for event in checked])
    keep_words(connection, checked)
    if pairs:
        seen = [*before, *arriving_taps(checked, now)]
        derive_from(connection, pairs, seen, concerned, standards, now)


_DIGESTS = Prepared(
    select(received.c.seq, received.c.digest).where(
        received.c.terminal == bindparam("of"), among(received.c.seq, "seqs")
    )
)


def _not_yet_received(
    connection: Connection, arrived: Sequence[Arrived], now: dt.datetime
) -> list[Arrived]:
    """Those whose number is new. The same number with another content is parked."""
    seqs = [event.seq for event in arrived]
    digests = dict(_DIGESTS.all(connection, of=arrived[0].terminal, seqs=seqs))
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


_UNCERTAIN = Prepared(
    select(received.c.account, received.c.activity).where(
        received.c.terminal == bindparam("of"),
        received.c.boot == bindparam("in_boot"),
        received.c.clockgood.is_(False),
        received.c.applied.is_(True),
        received.c.activity.is_not(None),
    )
)


def _dated_anew(connection: Connection, arrived: Collection[Arrived]) -> set[Pair]:
    """Pairs with events of uncertain time, in boots of which a good clock is heard just now."""
    boots = {
        (e.terminal, e.envelope.bootid) for e in arrived if e.envelope and e.envelope.clockgood
    }
    return {
        (account, activity)
        for name, boot in boots
        for account, activity in _UNCERTAIN.all(connection, of=name, in_boot=boot)
    }


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
