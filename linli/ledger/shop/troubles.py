"""Doors that did not give out what was paid for, or should not have: what staff have to look at,
and what they found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from linli.ledger.shop.handing import Order, find_order, hand_out, lock_order, paid_by
from linli.ledger.shop.naming import clean
from linli.ledger.shop.posting import REDEEM, lock_purses
from linli.ledger.shop.redeeming import refund
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import door_trouble
from linli.ledger.shop.spends import undo_spend
from linli.ledger.terminals.schema import terminal

JAM, NO_ANSWER, UNCLEAR = "jam", "no-answer", "unclear"
UNPAID, TWICE = "unpaid", "twice"
"""It came out though its points are back, or after somebody handed it out over the counter."""


class CameOfIt(StrEnum):
    """What the ledger did about it."""

    NOTHING = "nothing"
    WAITS = "waits"
    """The order waits for staff: nobody knows whether the goods are out."""
    BACK = "back"
    """The points are back, and the goods on the shelf."""
    HANDED = "handed"
    """It had been handed out before: nothing was given back."""


class Found(StrEnum):
    """What staff found."""

    OUT = "out"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a terminal's event `seq` said; `order_id` is "" where nothing was paid."""

    terminal: str
    seq: int
    door: int
    account: str
    order_id: str
    ware: str
    reason: str
    came_of_it: CameOfIt
    at: dt.datetime
    settled_at: dt.datetime | None = None
    settled_by: str | None = None
    found: Found | None = None


def keep_trouble(connection: Connection, one: Trouble) -> None:
    values = {name: getattr(one, name) for name in Trouble.__slots__}
    connection.execute(insert(door_trouble).values(values | {"came_of_it": one.came_of_it.value}))


def give_back_order(
    connection: Connection, order_id: str, request: str, reason: str, now: dt.datetime
) -> CameOfIt:
    """The order's points go back and the goods on the shelf, once, unless it was handed out.
    Raises ShopError."""
    order = _locked(connection, order_id)
    if order is None:
        return CameOfIt.BACK if paid_by(connection, order_id) else CameOfIt.NOTHING
    if order.handed_at is not None:
        return CameOfIt.HANDED
    kind, _, rest = order_id.partition(".")
    if kind == REDEEM:
        refund(connection, rest, request, reason, now)
    else:
        name, _, seq = rest.rpartition(".")
        undo_spend(connection, name, int(seq), request, reason, now)
    return CameOfIt.BACK


def settle(
    connection: Connection,
    name: str,
    seq: int,
    found: Found,
    by: str,
    request: str,
    now: dt.datetime,
) -> Trouble:
    """Staff looked behind the door: the goods are out, so the order is handed out, or they are not,
    so its points go back. What is handed out or back already stays so. Raises ShopError for what is
    not there or was settled otherwise before."""
    by = clean("who looked", by)[:64]
    trouble = read_trouble(connection, name, seq)
    if trouble is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{name} said nothing of a door as number {seq}")
    if trouble.order_id:
        _locked(connection, trouble.order_id)
    one = _one(name, seq)
    row = connection.execute(select(door_trouble).where(*one).with_for_update()).one()
    if row.found is not None:
        if row.found != found.value:
            raise ShopError(Refusal.NOT_POSSIBLE, f"this door was settled by {row.settled_by}")
        return _as_trouble(row)
    if trouble.order_id:
        order = find_order(connection, trouble.order_id)
        if order is not None and order.handed_at is None:
            if found is Found.OUT:
                hand_out(connection, trouble.order_id, by, now)
            else:
                reason = f"door {trouble.door} of {name}: not given out"
                give_back_order(connection, trouble.order_id, request, reason, now)
    settled = {"settled_at": now, "settled_by": by, "found": found.value}
    connection.execute(update(door_trouble).where(*one).values(settled))
    return _as_trouble(connection.execute(select(door_trouble).where(*one)).one())


def read_trouble(connection: Connection, name: str, seq: int) -> Trouble | None:
    row = connection.execute(select(door_trouble).where(*_one(name, seq))).first()
    return None if row is None else _as_trouble(row)


def troubles(connection: Connection, scope: str, *, settled: bool) -> list[Trouble]:
    """Those of a community's terminals, the newest first."""
    query = (
        select(door_trouble)
        .join(terminal, terminal.c.name == door_trouble.c.terminal)
        .where(terminal.c.scope == scope)
        .order_by(door_trouble.c.at.desc(), door_trouble.c.terminal, door_trouble.c.seq)
    )
    is_settled = door_trouble.c.settled_at.is_not(None)
    rows = connection.execute(query.where(is_settled if settled else ~is_settled))
    return [_as_trouble(row) for row in rows]


def count_open(connection: Connection, scope: str) -> int:
    query = (
        select(func.count())
        .select_from(door_trouble)
        .join(terminal, terminal.c.name == door_trouble.c.terminal)
        .where(terminal.c.scope == scope, door_trouble.c.settled_at.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def _locked(connection: Connection, order_id: str) -> Order | None:
    """The order; nobody hands it out or gives it back before this transaction ends."""
    paid = paid_by(connection, order_id)
    if paid is not None:
        lock_purses(connection, [paid[0]])
    lock_order(connection, order_id)
    return find_order(connection, order_id)


def _one(name: str, seq: int) -> tuple[Any, Any]:
    return door_trouble.c.terminal == name, door_trouble.c.seq == seq


def _as_trouble(row: Row[Any]) -> Trouble:
    values = dict(row._asdict())
    values["came_of_it"] = CameOfIt(row.came_of_it)
    values["found"] = None if row.found is None else Found(row.found)
    return Trouble(**values)
