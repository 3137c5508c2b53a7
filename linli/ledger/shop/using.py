"""A merchant takes a voucher: once, whoever else tries, and as often as an answer is lost.

The merchant's row is locked first, then the voucher's: two tills of one merchant that send the
same request, and two merchants that try the same code, find out about each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from linli.ledger.shop.codes import read_code, shown
from linli.ledger.shop.customers import numbers_of
from linli.ledger.shop.naming import check_request
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import merchant, redemption, voucher
from linli.ledger.shop.settling import require_unsettled
from linli.ledger.shop.vouchers import EXPIRED, REFUNDED, USED, joined

FEWEST, MOST = 1, 5
"""Stars."""


@dataclass(frozen=True, slots=True)
class Use:
    """A voucher that a merchant took: what the till shows and prints."""

    voucher: str
    code: str
    merchant: str
    title: str
    points: int
    community_fen: int
    merchant_fen: int
    used_at: dt.datetime


def use(connection: Connection, typed: str, by: str, request: str, now: dt.datetime) -> Use:
    """Merchant `by` takes the voucher with the code that somebody typed. The same request again
    is answered as before.

    Raises ShopError, each with its own reason: mistyped, unknown, another merchant's, used,
    refunded, expired; other content under a request's id; and a clock that was set back."""
    code = read_code(typed)
    check_request(request)
    _lock_merchant(connection, by)
    before = _used_by(connection, by, request)
    if before is not None:
        if before.code != code:
            raise ShopError(
                Refusal.OTHER_CONTENT,
                f"request {request} took {shown(before.code)}: give the new one another id",
            )
        return _as_use(before)
    found = _lock_voucher(connection, code)
    if found is None:
        raise ShopError(Refusal.UNKNOWN, f"{shown(code)} was never issued: read it again")
    check_usable(found, by, now)
    require_unsettled(connection, by, now)
    connection.execute(
        update(voucher)
        .where(voucher.c.redemption == found.redemption)
        .values(state=USED, used_at=now, used_request=request)
    )
    used = _used_by(connection, by, request)
    assert used is not None  # noqa: S101 - written just now
    return _as_use(used)


def look_at(connection: Connection, typed: str, by: str, now: dt.datetime) -> str:
    """The id of the voucher with the code that somebody typed, before merchant `by` takes it.
    Nothing is changed. Raises ShopError like `use`."""
    code = read_code(typed)
    query = select(voucher).where(voucher.c.code == code)
    found = connection.execute(query).first()
    if found is None:
        raise ShopError(Refusal.UNKNOWN, f"{shown(code)} was never issued: read it again")
    check_usable(found, by, now)
    return str(found.redemption)


def check_usable(found: Row[Any], by: str, now: dt.datetime) -> None:
    """Pure. Raises ShopError where the merchant may not take the voucher."""
    named = shown(found.code)
    if found.merchant != by:
        raise ShopError(Refusal.WRONG_MERCHANT, f"{named} is another merchant's voucher")
    if found.state == USED:
        raise ShopError(Refusal.USED, f"{named} was used on {found.used_at:%Y-%m-%d %H:%M}")
    if found.state == REFUNDED:
        raise ShopError(Refusal.REFUNDED, f"{named} was refunded: its points are back")
    if found.state == EXPIRED or now >= found.expires_at:
        last = found.expires_at - dt.timedelta(days=1)
        raise ShopError(Refusal.EXPIRED, f"{named} could be used until {last:%Y-%m-%d}")


def rate(connection: Connection, holder: str, voucher_id: str, stars: int) -> None:
    """The holder of a used voucher says how it was, once; the same again changes nothing. Who had
    it under a number that was merged is its holder. Raises ShopError."""
    if not FEWEST <= stars <= MOST:
        raise ShopError(Refusal.NOT_POSSIBLE, f"give {FEWEST} to {MOST} stars, not {stars}")
    query = (
        select(voucher.c.state, voucher.c.stars, redemption.c.holder)
        .join(redemption, redemption.c.id == voucher.c.redemption)
        .where(voucher.c.redemption == voucher_id)
        .with_for_update(of=voucher, key_share=True)
    )
    found = connection.execute(query).first()
    if found is None or found.holder not in numbers_of(connection, holder):
        raise ShopError(Refusal.NOT_POSSIBLE, f"{holder} has no voucher {voucher_id}")
    if found.state != USED:
        raise ShopError(Refusal.NOT_POSSIBLE, "a voucher is rated when it was used")
    if found.stars is not None and found.stars != stars:
        raise ShopError(Refusal.OTHER_CONTENT, f"it was rated already, with {found.stars} stars")
    connection.execute(
        update(voucher).where(voucher.c.redemption == voucher_id).values(stars=stars)
    )


def _lock_merchant(connection: Connection, by: str) -> None:
    query = select(merchant.c.id).where(merchant.c.id == by).with_for_update(key_share=True)
    if connection.execute(query).scalar() is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no merchant {by}")


def _lock_voucher(connection: Connection, code: str) -> Row[Any] | None:
    query = select(voucher).where(voucher.c.code == code).with_for_update(key_share=True)
    return connection.execute(query).first()


def _used_by(connection: Connection, by: str, request: str) -> Row[Any] | None:
    used = (voucher.c.merchant == by) & (voucher.c.used_request == request)
    return connection.execute(joined().where(used)).first()


def _as_use(row: Row[Any]) -> Use:
    return Use(
        row.id,
        row.code,
        row.merchant,
        row.title,
        row.points,
        row.community_fen,
        row.merchant_fen,
        row.used_at,
    )
