"""What was paid for and waits at a centre, until it is given out over the counter or by a door.

Things are redeemed on a phone, at a terminal or at the desk; staff hand them out, or a locker. What
is handed out is known by the transfer that paid for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, insert, select

from linli.ledger.shop.naming import clean
from linli.ledger.shop.posting import REDEEM, SPEND
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import handed_out, lease, lease_spend, redemption

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that somebody paid for. `id` is the transfer; `missing` pieces were not on the
    shelf when a cut-off terminal sold them."""

    id: str
    holder: str
    centre: str
    title: str
    pieces: int
    points: int
    made_at: dt.datetime
    missing: int = 0
    handed_at: dt.datetime | None = None
    handed_by: str = ""


def waiting(
    connection: Connection, centres: Collection[str], accounts: Collection[str] | None = None
) -> list[Order]:
    """What waits at these centres, for these accounts or for everybody, the oldest first."""
    bought = redemption.c.centre.in_(centres) & handed_out.c.at.is_(None)
    spent = lease.c.centre.in_(centres) & handed_out.c.at.is_(None)
    if accounts is not None:
        bought &= redemption.c.holder.in_(accounts)
        spent &= lease.c.holder.in_(accounts)
    found = [*map(_bought, connection.execute(_redemptions(bought)))]
    found += map(_spent, connection.execute(_spends(spent)))
    return sorted(found, key=lambda order: (order.made_at, order.id))


def paid_for(connection: Connection, accounts: Collection[str], most: int) -> list[Order]:
    """What these accounts paid for last and did not give back, handed out or not, the newest
    first."""
    bought = _redemptions(redemption.c.holder.in_(accounts)).order_by(None)
    spent = _spends(lease.c.holder.in_(accounts)).order_by(None)
    newest = bought.order_by(redemption.c.made_at.desc()).limit(most)
    found = [*map(_bought, connection.execute(newest))]
    newest = spent.order_by(lease_spend.c.received_at.desc()).limit(most)
    found += map(_spent, connection.execute(newest))
    return sorted(found, key=lambda order: (order.made_at, order.id), reverse=True)[:most]


def find_order(connection: Connection, order_id: str) -> Order | None:
    """The order of a transfer, handed out or not; None where it was given back, or is none."""
    kind, _, rest = order_id.partition(".")
    if kind == REDEEM:
        row = connection.execute(_redemptions(redemption.c.id == rest)).first()
        return None if row is None else _bought(row)
    if kind != SPEND:
        return None
    terminal, _, seq = rest.rpartition(".")
    mine = (lease_spend.c.terminal == terminal) & (lease_spend.c.seq == _number(seq))
    row = connection.execute(_spends(mine)).first()
    return None if row is None else _spent(row)


def paid_by(connection: Connection, order_id: str) -> tuple[str, str] | None:
    """Who paid for an order and at which centre, also for one that was given back; None for what
    is no order."""
    kind, _, rest = order_id.partition(".")
    if kind == REDEEM:
        query: Select[Any] = select(redemption.c.holder, redemption.c.centre).where(
            redemption.c.id == rest, redemption.c.ware.is_not(None)
        )
    else:
        terminal, _, seq = rest.rpartition(".")
        query = (
            select(lease.c.holder, lease.c.centre)
            .join(lease_spend, lease_spend.c.lease == lease.c.id)
            .where(lease_spend.c.terminal == terminal, lease_spend.c.seq == _number(seq))
        )
    row = connection.execute(query).first()
    return None if row is None else (row.holder, row.centre)


def hand_out(connection: Connection, order_id: str, by: str, now: dt.datetime) -> Order:
    """Somebody got it, from `by`. Again, it is answered as it was. Raises
    ShopError for what was given back, or never paid for."""
    by = clean("who hands it out", by)[:LONGEST_NAME]
    lock_order(connection, order_id)
    order = find_order(connection, order_id)
    if order is None:
        raise ShopError(
            Refusal.NOT_POSSIBLE, f"nothing waits as {order_id}: it may have been given back"
        )
    if order.handed_at is None:
        connection.execute(insert(handed_out).values(transfer=order_id, by=by, at=now))
        order = find_order(connection, order_id)
        assert order is not None  # noqa: S101 - locked since it was found
    return order


def lock_order(connection: Connection, order_id: str) -> None:
    """Nobody gives it back, or hands it out, before this transaction ends."""
    kind, _, rest = order_id.partition(".")
    if kind == REDEEM:
        query: Select[Any] = select(redemption.c.id).where(redemption.c.id == rest)
    else:
        terminal, _, seq = rest.rpartition(".")
        query = (
            select(lease.c.id)
            .join(lease_spend, lease_spend.c.lease == lease.c.id)
            .where(lease_spend.c.terminal == terminal, lease_spend.c.seq == _number(seq))
        )
    of = redemption if kind == REDEEM else lease
    connection.execute(query.with_for_update(of=of, key_share=True)).all()


def _number(seq: str) -> int:
    """0, which no event has, for what is none."""
    return int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 17 else 0


def _redemptions(where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(redemption, handed_out.c.at, handed_out.c.by)
        .outerjoin(handed_out, handed_out.c.transfer == f"{REDEEM}." + redemption.c.id)
        .where(where, redemption.c.ware.is_not(None), redemption.c.refunded_at.is_(None))
        .order_by(redemption.c.id)
    )


def _spends(where: ColumnElement[bool]) -> Select[Any]:
    name = f"{SPEND}." + lease_spend.c.terminal + "." + lease_spend.c.seq.cast(String)
    return (
        select(lease_spend, lease.c.holder, lease.c.centre, handed_out.c.at, handed_out.c.by)
        .join(lease, lease.c.id == lease_spend.c.lease)
        .outerjoin(handed_out, handed_out.c.transfer == name)
        .where(
            where,
            lease_spend.c.ware.is_not(None),
            lease_spend.c.taken > 0,
            lease_spend.c.refunded_at.is_(None),
        )
        .order_by(lease_spend.c.terminal, lease_spend.c.seq)
    )


def _bought(row: Row[Any]) -> Order:
    return Order(
        f"{REDEEM}.{row.id}",
        row.holder,
        row.centre,
        row.title,
        row.pieces,
        row.points,
        row.made_at,
        handed_at=row.at,
        handed_by=row.by or "",
    )


def _spent(row: Row[Any]) -> Order:
    return Order(
        f"{SPEND}.{row.terminal}.{row.seq}",
        row.holder,
        row.centre,
        row.what,
        row.pieces,
        row.taken,
        row.received_at,
        row.missing,
        row.at,
        row.by or "",
    )
