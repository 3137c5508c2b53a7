"""Points that somebody has, and a terminal holds: the shop cannot take them before it gives them
back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, Engine, func, select

from linli.ledger.feed.writer import append_many
from linli.ledger.shop.customers import Customer, numbers_of, require_points
from linli.ledger.shop.recalling import recall
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import lease


class HeldError(ShopError):
    """`account` has enough points, if terminals gave back those that they hold: ask for them
    (`ask_back`) once the transaction is over."""

    def __init__(self, account: str, text: str) -> None:
        super().__init__(Refusal.HELD, text)
        self.account = account


def require_free_points(connection: Connection, one: Customer, price: int) -> None:
    """Raises HeldError where only those of terminals are missing, otherwise ShopError."""
    if one.purse < price:
        held = held_of(connection, one.account)
        if one.purse + held >= price:
            raise HeldError(
                one.account,
                f"this costs {price} points: {one.purse} can be redeemed, and a terminal still"
                f" holds {held}; it is asked to give them back, so try again in a few minutes",
            )
    require_points(one, price)


def ask_back(engine: Engine, account: str, now: dt.datetime) -> bool:
    """Ask terminals for all that they hold of somebody's points; False where that was done
    before."""
    with engine.begin() as connection:
        theirs = numbers_of(connection, account)
        new = (
            lease.c.holder.in_(theirs) & lease.c.closed_at.is_(None) & lease.c.recalled_at.is_(None)
        )
        if connection.execute(select(lease.c.id).where(new).limit(1)).first() is None:
            return False
        append_many(connection, recall(connection, theirs, now), now)
        return True


def held_of(connection: Connection, account: str) -> int:
    """How many of somebody's points terminals hold."""
    left = lease.c.points - lease.c.spent - lease.c.returned - lease.c.retired
    query = select(func.coalesce(func.sum(left), 0)).where(
        lease.c.holder.in_(numbers_of(connection, account)), lease.c.closed_at.is_(None)
    )
    return int(connection.execute(query).scalar_one())
