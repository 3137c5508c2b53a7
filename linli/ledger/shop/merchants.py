"""Merchants of the neighbourhood and what they offer for points."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from linli.ledger.feed.wares import tell_offer
from linli.ledger.shop.naming import check_amount, check_id, clean, require_community
from linli.ledger.shop.posting import of_merchant, open_account
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import merchant, offer

PERIODS = ("day", "week", "month", "quarter", "year")
"""Those of `period_key`."""
LONGEST_VALID = 366


@dataclass(frozen=True, slots=True)
class Merchant:
    """`number` is what its settlements call it by."""

    id: str
    scope: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A merchant's voucher: what it says, what it costs in points, and how its worth in fen is
    split. In one `period` a person may have `per_person` of them, and all people together
    `in_all`; None is no limit. A voucher can be used on the day it is issued and `valid_days`
    after it."""

    id: str
    merchant: str
    title: str
    points: int
    period: str = "month"
    per_person: int | None = None
    in_all: int | None = None
    community_fen: int = 0
    merchant_fen: int = 0
    valid_days: int = 30
    all_year: bool = False
    withdrawn: bool = False


def add_merchant(connection: Connection, new: Merchant) -> None:
    """Take a merchant into a community's shop. Raises ShopError."""
    check_id("merchant", new.id)
    require_community(connection, new.scope)
    if read_merchant(connection, new.id) is not None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"merchant {new.id} is there: choose another id")
    name, number = clean("the name", new.name), clean("the number", new.number)[:32]
    connection.execute(
        insert(merchant).values(id=new.id, scope=new.scope, name=name, number=number)
    )
    open_account(connection, of_merchant(new.id))


def read_merchant(connection: Connection, id_: str) -> Merchant | None:
    row = connection.execute(select(merchant).where(merchant.c.id == id_)).first()
    return None if row is None else Merchant(**row._asdict())


def add_offer(connection: Connection, new: Offer, now: dt.datetime) -> None:
    """Put a merchant's offer up. Raises ShopError."""
    check_id("offer", new.id)
    if read_merchant(connection, new.merchant) is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no merchant {new.merchant}")
    if read_offer(connection, new.id) is not None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"offer {new.id} is there: choose another id")
    if new.period not in PERIODS:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{new.period!r} is none of {', '.join(PERIODS)}")
    check_amount(f"the price of {new.id}", new.points)
    check_amount(f"the community's part of {new.id}", new.community_fen, least=0)
    check_amount(f"the merchant's part of {new.id}", new.merchant_fen, least=0)
    for limit in (new.per_person, new.in_all):
        if limit is not None:
            check_amount(f"the limit of {new.id}", limit)
    if not 1 <= new.valid_days <= LONGEST_VALID:
        raise ShopError(Refusal.NOT_POSSIBLE, f"a voucher is valid for 1 to {LONGEST_VALID} days")
    title = clean(f"the title of {new.id}", new.title)
    connection.execute(insert(offer).values({**asdict(new), "title": title}))
    tell_offer(connection, new.id, now)


def read_offer(connection: Connection, id_: str, *, lock: bool = False) -> Offer | None:
    query = select(offer).where(offer.c.id == id_)
    locked = query.with_for_update(key_share=True) if lock else query
    row = connection.execute(locked).first()
    return None if row is None else Offer(**row._asdict())


def withdraw_offer(connection: Connection, id_: str, now: dt.datetime) -> None:
    """No more of its vouchers are issued; those that are stay good. Raises ShopError."""
    changed = connection.execute(update(offer).where(offer.c.id == id_).values(withdrawn=True))
    if not changed.rowcount:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no offer {id_}")
    tell_offer(connection, id_, now)
