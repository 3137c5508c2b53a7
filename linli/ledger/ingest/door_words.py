"""What terminals say of their lockers' doors: what came out is handed out, what did not goes back.

An order is handed out or given back, never both: whichever word is settled first counts, and where
another one contradicts it, staff are told. Staff are told of all that did not come out.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.schema import received, waiting_word
from linli.ledger.ingest.word import Later, Settled, Unfit, Word
from linli.ledger.people.bearers import bearers
from linli.ledger.shop.doors import empty_door, tell_doors
from linli.ledger.shop.handing import find_order, hand_out, lock_order, paid_by
from linli.ledger.shop.posting import REDEEM, SPEND, lock_purses
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.troubles import (
    TWICE,
    UNCLEAR,
    UNPAID,
    CameOfIt,
    Trouble,
    give_back_order,
    keep_trouble,
)
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import Delivered, DoorEvent, NotDelivered


def settle_door(connection: Connection, word: Word, event: DoorEvent, now: dt.datetime) -> Settled:
    if event.order:
        wrong = _not_their_order(connection, word, event)
        if wrong is not None:
            return wrong
    try:
        with connection.begin_nested():
            match event:
                case Delivered():
                    return _delivered(connection, word, event, now)
                case NotDelivered():
                    _not_delivered(connection, word, event, now)
    except ShopError as error:
        return Unfit(Reason.REFUSED, str(error))
    return None


def by_door(name: str, door: int) -> str:
    """Who handed it out, for staff."""
    return f"{name} {door}号柜门"


def _delivered(connection: Connection, word: Word, event: Delivered, now: dt.datetime) -> Settled:
    """Raises ShopError."""
    by, name = by_door(word.terminal, event.door), word.terminal
    if not event.order:
        return Unfit(Reason.MALFORMED, "it does not say what was paid for")
    lock_order(connection, event.order)
    order = find_order(connection, event.order)
    if order is not None and order.handed_by == by:
        return None
    emptied = empty_door(connection, name, event.door, word.said_at)
    if order is None:
        _keep(connection, word, event, UNPAID, CameOfIt.NOTHING)
    elif order.handed_at is not None:
        _keep(connection, word, event, TWICE, CameOfIt.NOTHING)
    else:
        hand_out(connection, event.order, by, now)
    if emptied:
        tell_doors(connection, [(name, event.door)], now)
    return None


def _not_delivered(
    connection: Connection, word: Word, event: NotDelivered, now: dt.datetime
) -> None:
    """The door is not sold from until staff have looked. Raises ShopError."""
    name, came = word.terminal, CameOfIt.NOTHING
    if event.order:
        lock_purses(connection, [event.account])
        lock_order(connection, event.order)
    emptied = empty_door(connection, name, event.door, word.said_at)
    if event.order and event.reason == UNCLEAR:
        came = CameOfIt.WAITS
    elif event.order:
        reason = f"door {event.door} of {name}: {event.reason}"
        request = f"door-{word.seq}-{name}"[:64]
        came = give_back_order(connection, event.order, request, reason, now)
    _keep(connection, word, event, event.reason, came)
    if emptied:
        tell_doors(connection, [(name, event.door)], now)


def _keep(
    connection: Connection, word: Word, event: DoorEvent, reason: str, came: CameOfIt
) -> None:
    ware = event.ware if isinstance(event, NotDelivered) else ""
    keep_trouble(
        connection,
        Trouble(
            terminal=word.terminal,
            seq=word.seq,
            door=event.door,
            account=event.account,
            order_id=event.order,
            ware=ware,
            reason=reason,
            came_of_it=came,
            at=word.said_at,
        ),
    )


def _not_their_order(connection: Connection, word: Word, event: DoorEvent) -> Settled:
    """Why the order is not one of this person at this terminal's centre; None where it is."""
    kind, _, rest = event.order.partition(".")
    if kind == SPEND:
        by, _, seq = rest.rpartition(".")
        if by != word.terminal:
            return Unfit(Reason.CONFLICT, "the order is another terminal's")
        if seq.isascii() and seq.isdigit() and len(seq) < 17 and _comes(connection, by, int(seq)):
            return Later()
    elif kind != REDEEM:
        return Unfit(Reason.UNKNOWN_ORDER, "there is no such order")
    paid = paid_by(connection, event.order)
    if paid is None:
        return Unfit(Reason.UNKNOWN_ORDER, "there is no such order")
    holder, centre = paid
    at = select(terminal.c.centre).where(terminal.c.name == word.terminal)
    if centre != connection.execute(at).scalar():
        return Unfit(Reason.CONFLICT, "the order waits at another centre")
    ends = bearers(connection, {holder, event.account})
    if ends[holder] != ends[event.account]:
        return Unfit(Reason.CONFLICT, "the order is another person's")
    return None


def _comes(connection: Connection, name: str, seq: int) -> bool:
    """Whether an event of this number is not settled yet."""
    query = (
        select(received.c.seq, waiting_word.c.seq.label("waits"))
        .outerjoin(
            waiting_word,
            (waiting_word.c.terminal == received.c.terminal)
            & (waiting_word.c.seq == received.c.seq),
        )
        .where(received.c.terminal == name, received.c.seq == seq)
    )
    row = connection.execute(query).first()
    return row is None or row.waits is not None
