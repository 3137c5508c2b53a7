"""What pages show of a community's shop: shelves, offers, merchants and vouchers as they stand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from linli.ledger.shop.merchants import Merchant, Offer
from linli.ledger.shop.quotas import period_start
from linli.ledger.shop.schema import merchant, offer, redemption, stock, voucher, ware
from linli.ledger.shop.wares import Ware
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal


@dataclass(frozen=True, slots=True)
class Shelved:
    """A ware and where it is to be had: how many are left by centre, None for a service."""

    ware: Ware
    left: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer, whose it is, and how many were taken in this period: by everybody, and by the
    people asked about."""

    offer: Offer
    merchant: Merchant
    taken: int
    taken_by_them: int

    @property
    def left(self) -> int | None:
        """How many they may still have; None without a limit."""
        limits = ((self.offer.per_person, self.taken_by_them), (self.offer.in_all, self.taken))
        lefts = [max(0, limit - taken) for limit, taken in limits if limit is not None]
        return min(lefts) if lefts else None


@dataclass(frozen=True, slots=True)
class Held:
    """A voucher with all that happened to it."""

    id: str
    code: str
    holder: str
    title: str
    points: int
    merchant: Merchant
    community_fen: int
    merchant_fen: int
    state: str
    made_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None
    stars: int | None
    refund_reason: str | None


def shelves(connection: Connection, scope: str, *, withdrawn: bool = False) -> list[Shelved]:
    """All wares of a community by their title."""
    query = select(ware).where(ware.c.scope == scope).order_by(ware.c.title, ware.c.id)
    if not withdrawn:
        query = query.where(ware.c.withdrawn.is_(False))
    wares = [Ware(**row._asdict()) for row in connection.execute(query)]
    left: dict[str, dict[str, int | None]] = defaultdict(dict)
    here = select(stock).join(ware, ware.c.id == stock.c.ware).where(ware.c.scope == scope)
    for row in connection.execute(here.order_by(stock.c.centre)):
        left[row.ware][row.centre] = row.remaining
    return [Shelved(one, left[one.id]) for one in wares]


def centres(connection: Connection, scope: str) -> list[str]:
    """The centres of a community: where a terminal stands, or something is on a shelf."""
    at_terminals = select(terminal.c.centre).where(
        terminal.c.scope == scope, terminal.c.kind == TERMINAL
    )
    with_shelves = (
        select(stock.c.centre).join(ware, ware.c.id == stock.c.ware).where(ware.c.scope == scope)
    )
    return sorted(connection.execute(at_terminals.union(with_shelves)).scalars())


def merchants(connection: Connection, scope: str) -> list[Merchant]:
    query = select(merchant).where(merchant.c.scope == scope)
    rows = connection.execute(query.order_by(merchant.c.number, merchant.c.id))
    return [Merchant(**row._asdict()) for row in rows]


def offers(
    connection: Connection,
    scope: str,
    now: dt.datetime,
    accounts: Collection[str] = (),
    *,
    withdrawn: bool = False,
) -> list[Offered]:
    """All offers of a community's merchants, by merchant and title."""
    query = (
        select(offer, merchant.c.scope, merchant.c.name, merchant.c.number)
        .join(merchant, merchant.c.id == offer.c.merchant)
        .where(merchant.c.scope == scope)
        .order_by(merchant.c.name, offer.c.title, offer.c.id)
    )
    if not withdrawn:
        query = query.where(offer.c.withdrawn.is_(False))
    found = []
    for row in connection.execute(query).all():
        of = Offer(**{name: getattr(row, name) for name in Offer.__slots__})
        by = Merchant(of.merchant, row.scope, row.name, row.number)
        found.append(Offered(of, by, *_taken(connection, of, now, accounts)))
    return found


def vouchers(connection: Connection, where: ColumnElement[bool]) -> list[Held]:
    """Vouchers by a condition on them and their redemptions, the newest first."""
    query = _held().where(where).order_by(redemption.c.made_at.desc(), redemption.c.id)
    return [_as_held(row) for row in connection.execute(query)]


def taken_on(
    connection: Connection, merchant_id: str, since: dt.datetime, until: dt.datetime
) -> list[Held]:
    """What a merchant took in this time, the newest first."""
    query = _held().where(
        voucher.c.merchant == merchant_id,
        voucher.c.used_at >= since,
        voucher.c.used_at < until,
    )
    ordered = query.order_by(voucher.c.used_at.desc(), voucher.c.redemption)
    return [_as_held(row) for row in connection.execute(ordered)]


def _taken(
    connection: Connection, of: Offer, now: dt.datetime, accounts: Collection[str]
) -> tuple[int, int]:
    query = (
        select(redemption.c.holder, func.count())
        .where(
            redemption.c.offer == of.id,
            redemption.c.made_at >= period_start(now, of.period),
            redemption.c.refunded_at.is_(None),
        )
        .group_by(redemption.c.holder)
    )
    counts = {who: int(count) for who, count in connection.execute(query)}
    return sum(counts.values()), sum(counts.get(account, 0) for account in accounts)


def _held() -> Select[Any]:
    return (
        select(
            redemption.c.id,
            redemption.c.holder,
            redemption.c.title,
            redemption.c.points,
            redemption.c.made_at,
            redemption.c.refund_reason,
            voucher,
            merchant.c.scope,
            merchant.c.name,
            merchant.c.number,
        )
        .join(voucher, voucher.c.redemption == redemption.c.id)
        .join(merchant, merchant.c.id == voucher.c.merchant)
    )


def _as_held(row: Row[Any]) -> Held:
    return Held(
        row.id,
        row.code,
        row.holder,
        row.title,
        row.points,
        Merchant(row.merchant, row.scope, row.name, row.number),
        row.community_fen,
        row.merchant_fen,
        row.state,
        row.made_at,
        row.expires_at,
        row.used_at,
        row.stars,
        row.refund_reason,
    )
