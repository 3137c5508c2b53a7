"""Settles months: what each merchant is owed for one that is over, written down once.

A voucher belongs to the month of its use, and no voucher is used in a month that is over; so what
is settled never changes, and what a merchant was paid can be held against it for ever.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import merchant, settlement
from linli.ledger.shop.settlement import month_span, settle
from linli.sync.periods import period_of


@dataclass(frozen=True, slots=True)
class Settled:
    """A merchant's month as it was settled."""

    merchant: str
    month: str
    vouchers: int
    points: int
    community_fen: int
    merchant_fen: int
    made_at: dt.datetime


def settle_month(connection: Connection, scope: str, month: str, now: dt.datetime) -> list[Settled]:
    """Settle a month of every merchant of a community that is not settled yet; returns all of the
    month. Raises ShopError while it is not over."""
    _, over = month_span(month)
    if now < over:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{month} is not over yet: settle it after its end")
    # A till that takes a voucher at this moment is waited for, and then finds the month settled.
    here = select(merchant.c.id).where(merchant.c.scope == scope)
    query = here.order_by(merchant.c.id).with_for_update(key_share=True)
    ids = list(connection.execute(query).scalars())
    done = {one.merchant: one for one in _settled(connection, ids, month)}
    for id_ in ids:
        if id_ not in done:
            done[id_] = _settle(connection, id_, month, now)
    return [done[id_] for id_ in ids]


def settlements(connection: Connection, merchant_id: str) -> list[Settled]:
    """All settled months of a merchant, the newest first."""
    query = select(settlement).where(settlement.c.merchant == merchant_id)
    rows = connection.execute(query.order_by(settlement.c.month.desc()))
    return [Settled(**row._asdict()) for row in rows]


def require_unsettled(connection: Connection, merchant_id: str, now: dt.datetime) -> None:
    """Raises ShopError where this moment lies in a month that was settled: a clock that was set
    back would add to what is paid already."""
    month = period_of(now, "month")
    query = select(settlement.c.made_at).where(
        settlement.c.merchant == merchant_id, settlement.c.month == month
    )
    if connection.execute(query).scalar() is not None:
        raise ShopError(
            Refusal.SETTLED,
            f"{month} is settled already, so today cannot be in it: have the ledger's clock set",
        )


def _settled(connection: Connection, ids: Sequence[str], month: str) -> list[Settled]:
    query = select(settlement).where(settlement.c.merchant.in_(ids), settlement.c.month == month)
    return [Settled(**row._asdict()) for row in connection.execute(query)]


def _settle(connection: Connection, merchant_id: str, month: str, now: dt.datetime) -> Settled:
    of = settle(connection, merchant_id, month)
    made = Settled(
        merchant_id, month, len(of.vouchers), of.points, of.community_fen, of.merchant_fen, now
    )
    row = {name: getattr(made, name) for name in Settled.__slots__}
    connection.execute(insert(settlement).values(row))
    return made
