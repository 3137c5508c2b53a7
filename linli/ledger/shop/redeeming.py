"""Redeeming: points go from a purse to a centre, once for each request, and can come back once.

The purse is locked first, so that one person's requests go one after the other: the same request
sent twice finds the first one's answer, even where both arrive at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.feed.wares import Place
from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.posting import Posting
from linli.ledger.shop.customers import (
    Customer,
    lock_customer,
    require_customer,
)
from linli.ledger.shop.held_points import require_free_points
from linli.ledger.shop.naming import check_amount, check_request, clean
from linli.ledger.shop.posting import REDEEM, REFUND, goods, lock_purses, post
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import redemption
from linli.ledger.shop.wares import Ware, add_stock, has_stock, lock_stock, read_ware
from linli.ledger.shop.windows import require_open


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for: pieces of a ware at a centre, or one voucher of an offer."""

    ware: str | None = None
    centre: str | None = None
    offer: str | None = None
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Redemption:
    """What was redeemed. `holder` had the points, the id begins with the account that asked;
    `points` are those of all `pieces`, `credit` is where they went."""

    id: str
    holder: str
    wanted: Wanted
    title: str
    points: int
    credit: str
    made_at: dt.datetime


def redeem(
    connection: Connection,
    holder: str,
    request: str,
    ware: str,
    centre: str,
    now: dt.datetime,
    pieces: int = 1,
) -> Redemption:
    """Redeem goods or a service at a centre. The same request again is answered as before.

    Raises ShopError: other content under a request's id, outside the window, withdrawn, sold
    out, too few points, a closed account, something of another community."""
    wanted = Wanted(ware=ware, centre=centre, pieces=pieces)
    check_amount("the number of pieces", pieces)
    customer = lock_customer(connection, holder)
    before = answered(connection, holder, request, wanted)
    if before is not None:
        return before
    known = read_ware(connection, ware)
    if known is None or not has_stock(connection, ware, centre):
        raise ShopError(Refusal.NOT_POSSIBLE, f"{ware} is not to be had at {centre}")
    require_customer(customer, known.scope)
    _require_offered(connection, known, now)
    points = known.points * pieces
    require_free_points(connection, customer, points)
    _take_from_stock(connection, known, centre, pieces)
    return keep(connection, customer, request, wanted, known.title, points, goods(centre), now)


def refund(
    connection: Connection, redemption_id: str, request: str, reason: str, now: dt.datetime
) -> Redemption:
    """Give the points of goods or a service back and take the goods in again, once. The same
    request again is answered as before. Raises ShopError, also for a voucher: see vouchers.py."""
    check_request(request)
    found = lock_redemption(connection, redemption_id)
    if found.ware is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{redemption_id} is a voucher: refund that")
    if found.refunded_at is None:
        counted = lock_stock(connection, found.ware, found.centre) is not None
        if counted:
            add_stock(connection, found.ware, found.centre, found.pieces)
        wares = [(found.ware, found.centre)] * counted
        give_back(connection, found, request, clean("the reason", reason), now, wares)
    elif found.refund_request != request:
        raise ShopError(Refusal.REFUNDED, f"{redemption_id} was refunded already")
    return as_redemption(found)


def find(connection: Connection, redemption_id: str) -> Redemption | None:
    query = select(redemption).where(redemption.c.id == redemption_id)
    row = connection.execute(query).first()
    return None if row is None else as_redemption(row)


# --- what goods and vouchers have in common --------------------------------------------------


def answered(
    connection: Connection, holder: str, request: str, wanted: Wanted
) -> Redemption | None:
    """The answer to an earlier request with this id. Raises ShopError where that was for
    something else. Lock the purse before."""
    check_request(request)
    found = find(connection, f"{holder}.{request}")
    if found is not None and found.wanted != wanted:
        raise ShopError(
            Refusal.OTHER_CONTENT,
            f"request {request} was made before, for {found.title}: give the new one another id",
        )
    return found


def keep(
    connection: Connection,
    customer: Customer,
    request: str,
    wanted: Wanted,
    title: str,
    points: int,
    credit: str,
    now: dt.datetime,
) -> Redemption:
    """Write a redemption down and move its points; what it took from a shelf is told."""
    holder = customer.account
    made = Redemption(f"{customer.asked}.{request}", holder, wanted, title, points, credit, now)
    connection.execute(
        insert(redemption).values(
            id=made.id,
            holder=holder,
            ware=wanted.ware,
            centre=wanted.centre,
            offer=wanted.offer,
            title=title,
            pieces=wanted.pieces,
            points=points,
            credit=credit,
            made_at=now,
        )
    )
    taken = [] if wanted.ware is None or wanted.centre is None else [(wanted.ware, wanted.centre)]
    post(
        connection,
        [Posting(f"{REDEEM}.{made.id}", redeemable(holder), credit, points, title)],
        now,
        wares=taken,
    )
    return made


def lock_redemption(connection: Connection, redemption_id: str) -> Row[Any]:
    """The row, with its holder's purse and itself locked. Raises ShopError for none such."""
    query = select(redemption).where(redemption.c.id == redemption_id)
    row = connection.execute(query).first()
    if row is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"nothing was redeemed as {redemption_id}")
    lock_purses(connection, [row.holder])
    return connection.execute(query.with_for_update(key_share=True)).one()


def mark_refunded(
    connection: Connection, redemption_id: str, request: str | None, reason: str, now: dt.datetime
) -> None:
    connection.execute(
        update(redemption)
        .where(redemption.c.id == redemption_id)
        .values(refunded_at=now, refund_request=request, refund_reason=reason)
    )


def backwards(row: Row[Any], reason: str) -> Posting:
    """The transfer that takes a redemption back. Its id is the same whatever the reason: there
    can be only one."""
    debit, credit = row.credit, redeemable(row.holder)
    return Posting(f"{REFUND}.{row.id}", debit, credit, row.points, reason)


def give_back(
    connection: Connection,
    row: Row[Any],
    request: str | None,
    reason: str,
    now: dt.datetime,
    wares: Collection[Place] = (),
) -> None:
    """The points; `wares` are those that went back to their shelves."""
    mark_refunded(connection, row.id, request, reason, now)
    post(connection, [backwards(row, reason)], now, wares=wares)


def as_redemption(row: Row[Any]) -> Redemption:
    wanted = Wanted(row.ware, row.centre, row.offer, row.pieces)
    return Redemption(row.id, row.holder, wanted, row.title, row.points, row.credit, row.made_at)


# --- goods and services ----------------------------------------------------------------------


def _require_offered(connection: Connection, known: Ware, now: dt.datetime) -> None:
    if known.withdrawn:
        raise ShopError(Refusal.WITHDRAWN, f"{known.title} is not offered any more")
    if not known.all_year:
        require_open(connection, known.scope, now)


def _take_from_stock(connection: Connection, known: Ware, centre: str, pieces: int) -> None:
    remaining = lock_stock(connection, known.id, centre)
    if remaining is None:
        return
    if remaining < pieces:
        raise ShopError(
            Refusal.SOLD_OUT, f"{centre} has {remaining} of {known.title}, not {pieces}"
        )
    add_stock(connection, known.id, centre, -pieces)
