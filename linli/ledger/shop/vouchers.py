"""Vouchers: issued for points, refunded before they are used, and expired with their points back.

| state    | how it got there                        | where its points are      |
|----------|-----------------------------------------|---------------------------|
| issued   | somebody redeemed an offer              | the merchant's account    |
| used     | the merchant took it (using.py)         | the merchant's account    |
| refunded | taken back before it was used           | the holder's purse again  |
| expired  | not used in time                        | the holder's purse again  |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from linli.ledger.shop.codes import new_code
from linli.ledger.shop.customers import lock_customer, require_customer
from linli.ledger.shop.held_points import require_free_points
from linli.ledger.shop.merchants import Merchant, Offer, read_merchant, read_offer
from linli.ledger.shop.naming import check_request, clean
from linli.ledger.shop.posting import lock_purses, of_merchant, post
from linli.ledger.shop.quotas import require_quota
from linli.ledger.shop.redeeming import (
    Wanted,
    answered,
    backwards,
    give_back,
    keep,
    lock_redemption,
    mark_refunded,
)
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import redemption, voucher
from linli.ledger.shop.windows import require_open
from linli.sync.periods import SHANGHAI, business_day

ISSUED, USED, REFUNDED, EXPIRED = "issued", "used", "refunded", "expired"
NOT_USED = "it was not used in time"
AT_ONCE = 200
"""Vouchers that one `expire` ends: a transaction holds the purses of all their people."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher as its holder got it. It is good before `expires_at`; `id` is its redemption."""

    id: str
    code: str
    holder: str
    offer: str
    merchant: str
    title: str
    points: int
    community_fen: int
    merchant_fen: int
    expires_at: dt.datetime


def issue(
    connection: Connection,
    holder: str,
    request: str,
    offer: str,
    random_bits: Callable[[int], int],
    now: dt.datetime,
) -> Voucher:
    """Redeem one voucher of an offer; `random_bits` is `secrets.randbits`. The same request again
    gets the same voucher.

    Raises ShopError: other content under a request's id, outside the window, withdrawn, over its
    quota, too few points, a closed account, of another community."""
    wanted = Wanted(offer=offer)
    customer = lock_customer(connection, holder)
    before = answered(connection, holder, request, wanted)
    if before is not None:
        return read_vouchers(connection, redemption.c.id == before.id)[0]
    known = read_offer(connection, offer, lock=True)
    of = None if known is None else read_merchant(connection, known.merchant)
    if known is None or of is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no offer {offer}")
    require_customer(customer, of.scope)
    _require_offered(connection, known, of, now)
    require_quota(connection, known, customer.account, now)
    require_free_points(connection, customer, known.points)
    credit = of_merchant(of.id)
    made = keep(connection, customer, request, wanted, known.title, known.points, credit, now)
    row = {
        "redemption": made.id,
        "code": _unused_code(connection, random_bits),
        "merchant": of.id,
        "community_fen": known.community_fen,
        "merchant_fen": known.merchant_fen,
        "state": ISSUED,
        "expires_at": _end_of(business_day(now) + dt.timedelta(days=known.valid_days)),
    }
    connection.execute(insert(voucher).values(row))
    return read_vouchers(connection, redemption.c.id == made.id)[0]


def refund_voucher(
    connection: Connection, voucher_id: str, request: str, reason: str, now: dt.datetime
) -> Voucher:
    """Give the points of a voucher that is not used yet back, once. The same request again is
    answered as before. Raises ShopError."""
    check_request(request)
    redeemed = lock_redemption(connection, voucher_id)
    query = select(voucher.c.state).where(voucher.c.redemption == voucher_id)
    state = connection.execute(query.with_for_update(key_share=True)).scalar()
    if state is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{voucher_id} is no voucher: refund the goods")
    if state == USED:
        raise ShopError(Refusal.USED, f"voucher {voucher_id} was used: it stays so")
    if state == EXPIRED:
        raise ShopError(Refusal.EXPIRED, f"voucher {voucher_id} expired: its points are back")
    if state == ISSUED:
        _end(connection, [voucher_id], REFUNDED)
        give_back(connection, redeemed, request, clean("the reason", reason), now)
    elif redeemed.refund_request != request:
        raise ShopError(Refusal.REFUNDED, f"voucher {voucher_id} was refunded already")
    return read_vouchers(connection, redemption.c.id == voucher_id)[0]


def expire(connection: Connection, now: dt.datetime) -> list[str]:
    """End vouchers that were not used in time and give their points back; returns their ids, at
    most `AT_ONCE`. Call it again until there are none."""
    due = (
        select(redemption)
        .join(voucher, voucher.c.redemption == redemption.c.id)
        .where(voucher.c.state == ISSUED, voucher.c.expires_at <= now)
        .order_by(voucher.c.expires_at, redemption.c.id)
    )
    found = connection.execute(due.limit(AT_ONCE)).all()
    if not found:
        return []
    lock_purses(connection, {row.holder for row in found})
    still = _lock_issued(connection, [row.id for row in found])
    ended = [row for row in found if row.id in still]
    _end(connection, [row.id for row in ended], EXPIRED)
    for row in ended:
        mark_refunded(connection, row.id, None, NOT_USED, now)
    post(connection, [backwards(row, NOT_USED) for row in ended], now)
    return [row.id for row in ended]


def ended_on(connection: Connection, day: dt.date) -> int:
    """How many vouchers that were good until the end of a day were not used."""
    query = select(func.count()).where(
        voucher.c.state == EXPIRED, voucher.c.expires_at == _end_of(day)
    )
    return connection.execute(query).scalar_one()


def read_vouchers(connection: Connection, where: Any) -> list[Voucher]:
    """Vouchers by a condition on them and their redemptions, the earliest first."""
    return [_as_voucher(row) for row in connection.execute(joined().where(where))]


def joined() -> Select[Any]:
    """Vouchers with what their redemptions say."""
    query = select(
        redemption.c.id,
        redemption.c.holder,
        redemption.c.offer,
        redemption.c.title,
        redemption.c.points,
        voucher,
    ).join(redemption, redemption.c.id == voucher.c.redemption)
    return query.order_by(redemption.c.made_at, redemption.c.id)


def _as_voucher(row: Row[Any]) -> Voucher:
    return Voucher(
        row.id,
        row.code,
        row.holder,
        row.offer,
        row.merchant,
        row.title,
        row.points,
        row.community_fen,
        row.merchant_fen,
        row.expires_at,
    )


def _require_offered(connection: Connection, known: Offer, of: Merchant, now: dt.datetime) -> None:
    if known.withdrawn:
        raise ShopError(Refusal.WITHDRAWN, f"{known.title} is not offered any more")
    if not known.all_year:
        require_open(connection, of.scope, now)


def _unused_code(connection: Connection, random_bits: Callable[[int], int]) -> str:
    while True:
        code = new_code(random_bits)
        taken = select(voucher.c.code).where(voucher.c.code == code)
        if connection.execute(taken).scalar() is None:
            return code


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


def _lock_issued(connection: Connection, ids: list[str]) -> set[str]:
    query = select(voucher.c.redemption, voucher.c.state).where(voucher.c.redemption.in_(ids))
    locked = query.order_by(voucher.c.redemption).with_for_update(key_share=True)
    return {row.redemption for row in connection.execute(locked) if row.state == ISSUED}


def _end(connection: Connection, ids: list[str], state: str) -> None:
    if ids:
        connection.execute(
            update(voucher).where(voucher.c.redemption == bindparam("of")).values(state=state),
            [{"of": id_} for id_ in ids],
        )
