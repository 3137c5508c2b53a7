"""What points are redeemed for, and when: the shop as terminals and boards show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from linli.ledger.database import in_chunks
from linli.ledger.feed.writer import append
from linli.ledger.shop.schema import merchant, offer, shop_window, stock, ware, ware_picture
from linli.sync.messages import Row, Stream, WareRow, WindowRow

VOUCHER = "voucher"
"""The third kind, beside those of `shop/wares.py`."""

Place = tuple[str, str]
"""A ware, and a centre that has it."""


def shelf_rows(connection: Connection, places: Collection[Place]) -> dict[str, list[Row]]:
    """What is left of these goods at these centres, by community; services are not counted."""
    told: dict[str, list[Row]] = {}
    for chunk in in_chunks(sorted(places)):
        where = or_(*(and_(stock.c.ware == id_, stock.c.centre == at) for id_, at in chunk))
        for scope, row in _wares(connection, where & stock.c.remaining.is_not(None)):
            told.setdefault(scope, []).append(row)
    return told


def tell_ware(connection: Connection, id_: str, now: dt.datetime) -> None:
    """The ware was changed: every centre that has it is told."""
    for scope, row in list(_wares(connection, ware.c.id == id_)):
        append(connection, scope, Stream.CHANGES, [row], now)


def tell_offer(connection: Connection, id_: str, now: dt.datetime) -> None:
    """The offer was made or withdrawn."""
    for scope, row in list(_offers(connection, offer.c.id == id_)):
        append(connection, scope, Stream.CHANGES, [row], now)


def tell_window(connection: Connection, scope: str, quarter: str, now: dt.datetime) -> None:
    """The window was set."""
    rows = _windows(connection, (shop_window.c.scope == scope) & (shop_window.c.quarter == quarter))
    append(connection, scope, Stream.CHANGES, rows, now)


def shop_on_show(connection: Connection, scope: str) -> list[Row]:
    """All that is on sale in a community, and its windows, for snapshots."""
    wares = _wares(connection, (ware.c.scope == scope) & ware.c.withdrawn.is_(False))
    offers = _offers(connection, (merchant.c.scope == scope) & offer.c.withdrawn.is_(False))
    return [
        *(row for _, row in wares),
        *(row for _, row in offers),
        *_windows(connection, shop_window.c.scope == scope),
    ]


def _wares(connection: Connection, where: ColumnElement[bool]) -> Iterator[tuple[str, WareRow]]:
    """One that no centre has is not told of."""
    query = (
        select(ware, stock.c.centre, stock.c.remaining, ware_picture.c.digest)
        .join(stock, stock.c.ware == ware.c.id)
        .outerjoin(ware_picture, ware_picture.c.ware == ware.c.id)
        .where(where)
        .order_by(ware.c.id, stock.c.centre)
    )
    for row in connection.execute(query):
        yield (
            row.scope,
            WareRow(
                id=row.id,
                centre=row.centre,
                kind=row.kind,
                name=row.title,
                points=row.points,
                left=row.remaining,
                merchant="",
                on_sale=not row.withdrawn,
                all_year=row.all_year,
                picture=row.digest or "",
            ),
        )


def _offers(connection: Connection, where: ColumnElement[bool]) -> Iterator[tuple[str, WareRow]]:
    query = (
        select(offer, merchant.c.scope, merchant.c.name)
        .join(merchant, merchant.c.id == offer.c.merchant)
        .where(where)
        .order_by(offer.c.id)
    )
    for row in connection.execute(query):
        yield (
            row.scope,
            WareRow(
                id=row.id,
                centre="",
                kind=VOUCHER,
                name=row.title,
                points=row.points,
                left=None,
                merchant=row.name,
                on_sale=not row.withdrawn,
                all_year=row.all_year,
            ),
        )


def _windows(connection: Connection, where: ColumnElement[bool]) -> list[Row]:
    query = select(shop_window).where(where).order_by(shop_window.c.opens)
    return [
        WindowRow(quarter=row.quarter, opens=row.opens, closes=row.closes)
        for row in connection.execute(query)
    ]
