"""Who redeems: a person under any number they ever had. Two accounts that were merged are one
customer, with the points of the one they were merged into."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.schema import holder
from linli.ledger.shop.posting import lock_purses
from linli.ledger.shop.refusals import Refusal, ShopError


@dataclass(frozen=True, slots=True)
class Customer:
    """`asked` is the number they gave, `account` the one that has the points: `purse` of them."""

    asked: str
    account: str
    purse: int
    scope: str
    closed_at: dt.datetime | None


def lock_customer(connection: Connection, asked: str) -> Customer:
    """Nobody else spends their points before this transaction ends. Raises ShopError for an
    account that is none."""
    purses = lock_purses(connection, [asked])
    account = bearers(connection, [asked])[asked]
    query = select(holder.c.scope, holder.c.closed_at).where(holder.c.account == account)
    row = connection.execute(query).one()
    return Customer(asked, account, purses[account], row.scope, row.closed_at)


def require_customer(one: Customer, scope: str) -> None:
    """Pure. Each community's shop is for its own people who are still there. Raises ShopError."""
    if one.closed_at is not None:
        raise ShopError(
            Refusal.ACCOUNT_CLOSED, f"account {one.asked} is closed: nothing is redeemed for it"
        )
    if one.scope != scope:
        raise ShopError(Refusal.NOT_POSSIBLE, f"this is for the people of {scope}")


def require_points(one: Customer, price: int) -> None:
    """Pure. Raises ShopError; the database refuses it too."""
    if one.purse < price:
        raise ShopError(
            Refusal.TOO_FEW_POINTS, f"this costs {price} points, and {one.purse} can be redeemed"
        )


def numbers_of(connection: Connection, asked: str) -> list[str]:
    """All accounts that this person has or had, the one with the points first."""
    account = bearers(connection, [asked]).get(asked, asked)
    return [account, *sorted(taken_over(connection, [account]))]
