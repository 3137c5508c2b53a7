"""Goods and services of the centres: what they cost, and how many goods are left where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from linli.ledger.database import upsert
from linli.ledger.feed.wares import tell_ware
from linli.ledger.shop.naming import check_amount, check_id, clean, require_community
from linli.ledger.shop.posting import goods, open_account
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import stock, ware

GOOD, SERVICE = "good", "service"


@dataclass(frozen=True, slots=True)
class Ware:
    """Something a centre gives for points. Goods are counted, services are not."""

    id: str
    scope: str
    kind: str
    title: str
    points: int
    all_year: bool = False
    withdrawn: bool = False


def add_ware(connection: Connection, new: Ware) -> None:
    """Take something into the shop of a community; terminals and boards are told when a centre has
    it. Raises ShopError."""
    check_id("ware", new.id)
    require_community(connection, new.scope)
    if new.kind not in (GOOD, SERVICE):
        raise ShopError(Refusal.NOT_POSSIBLE, f"{new.kind!r} is neither {GOOD} nor {SERVICE}")
    if new.all_year and new.kind == GOOD:
        raise ShopError(
            Refusal.NOT_POSSIBLE, f"{new.id}: goods are redeemed in windows, only services all year"
        )
    check_amount(f"the price of {new.id}", new.points)
    if read_ware(connection, new.id) is not None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"ware {new.id} is there already: choose another id")
    connection.execute(
        insert(ware).values(
            id=new.id,
            scope=new.scope,
            kind=new.kind,
            title=clean(f"the title of {new.id}", new.title),
            points=new.points,
            all_year=new.all_year,
            withdrawn=new.withdrawn,
        )
    )


def read_ware(connection: Connection, id_: str) -> Ware | None:
    row = connection.execute(select(ware).where(ware.c.id == id_)).first()
    return None if row is None else Ware(**row._asdict())


def withdraw_ware(connection: Connection, id_: str, now: dt.datetime) -> None:
    """Nobody redeems it from now on. Raises ShopError for one that is not there."""
    changed = connection.execute(update(ware).where(ware.c.id == id_).values(withdrawn=True))
    if not changed.rowcount:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no ware {id_}")
    tell_ware(connection, id_, now)


def stock_up(
    connection: Connection, ware_id: str, centre: str, pieces: int, now: dt.datetime
) -> int:
    """Put more of a good into a centre, or take away with a negative number what broke; returns
    how many are there. For a service: it is to be had there from now on, and 0 is returned.

    Raises ShopError where fewer are there than would be taken away."""
    check_id("centre", centre)
    known = read_ware(connection, ware_id)
    if known is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no ware {ware_id}")
    open_account(connection, goods(centre))
    if known.kind == SERVICE:
        if not has_stock(connection, ware_id, centre):
            upsert(connection, stock, [{"ware": ware_id, "centre": centre, "remaining": None}])
            tell_ware(connection, ware_id, now)
        return 0
    before = lock_stock(connection, ware_id, centre) or 0
    check_amount(f"the stock of {ware_id} at {centre}", before + pieces, least=0)
    if has_stock(connection, ware_id, centre):
        add_stock(connection, ware_id, centre, pieces)
    else:
        # Two who bring the first pieces at once both add theirs.
        row = {"ware": ware_id, "centre": centre, "remaining": pieces}
        upsert(connection, stock, [row], added=("remaining",))
    tell_ware(connection, ware_id, now)
    return before + pieces


def set_price(connection: Connection, id_: str, points: int, now: dt.datetime) -> int:
    """What it costs from now on; what was redeemed keeps its price. Returns the price before.
    Raises ShopError."""
    check_amount(f"the price of {id_}", points)
    known = read_ware(connection, id_)
    if known is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no ware {id_}")
    connection.execute(update(ware).where(ware.c.id == id_).values(points=points))
    tell_ware(connection, id_, now)
    return known.points


def count_stock(
    connection: Connection, ware_id: str, centre: str, counted: int, now: dt.datetime
) -> int:
    """So many were counted on the shelf; returns by how many that is more than the ledger had.
    Raises ShopError for what is not counted there."""
    check_amount(f"the stock of {ware_id} at {centre}", counted, least=0)
    before = lock_stock(connection, ware_id, centre)
    if before is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{ware_id} is not counted at {centre}")
    add_stock(connection, ware_id, centre, counted - before)
    tell_ware(connection, ware_id, now)
    return counted - before


def has_stock(connection: Connection, ware_id: str, centre: str) -> bool:
    """Whether the ware is to be had at the centre at all, sold out or not."""
    query = select(stock.c.ware).where(stock.c.ware == ware_id, stock.c.centre == centre)
    return connection.execute(query).scalar() is not None


def lock_stock(connection: Connection, ware_id: str, centre: str) -> int | None:
    """How many are there, and nobody else takes one before this transaction ends; None for a
    service, and where it is not to be had."""
    query = select(stock.c.remaining).where(stock.c.ware == ware_id, stock.c.centre == centre)
    remaining: int | None = connection.execute(query.with_for_update(key_share=True)).scalar()
    return remaining


def add_stock(connection: Connection, ware_id: str, centre: str, pieces: int) -> None:
    """Services stay uncounted. Whoever calls it tells of it: `feed.wares.shelf_rows`. Raises
    IntegrityError where fewer than none would be left."""
    connection.execute(
        update(stock)
        .where(stock.c.ware == ware_id, stock.c.centre == centre)
        .values(remaining=stock.c.remaining + pieces)
    )
