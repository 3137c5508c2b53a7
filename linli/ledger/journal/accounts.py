"""Accounts: two purses for each holder, one issuing account for each class of items.

An account's `posted` and `pending` are credits less debits. An issuing account goes below zero
by what it gave out; a holder's purse never does (the database itself refuses it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from linli.ledger.journal.schema import account

EARNED, REDEEMABLE, ISSUANCE, OPENING = "earned", "redeemable", "issuance", "opening"


def earned(holder: str) -> str:
    """The purse of points whose month is not sealed yet."""
    return f"{holder}:{EARNED}"


def redeemable(holder: str) -> str:
    """The purse of points that may be spent."""
    return f"{holder}:{REDEEMABLE}"


def issuance(class_code: str) -> str:
    """Where the points of one class of items come from."""
    return f"{ISSUANCE}:{class_code}"


@dataclass(frozen=True, slots=True)
class Move:
    """What one transfer in one state adds to its accounts: `points` from `debit` to `credit`."""

    debit: str
    credit: str
    posted: int
    pending: int

    def undone(self) -> Move:
        return Move(self.debit, self.credit, -self.posted, -self.pending)


def open_purses(connection: Connection, holders: Collection[str]) -> None:
    """Both purses of each holder, empty. A holder must not have them already."""
    rows = [
        {
            "id": f"{holder}:{purse}",
            "holder": holder,
            "purse": purse,
            "system": False,
            "posted": 0,
            "pending": 0,
        }
        for holder in holders
        for purse in (EARNED, REDEEMABLE)
    ]
    if rows:
        connection.execute(insert(account), rows)


def open_system(connection: Connection, ids: Collection[str]) -> None:
    """System accounts such as `issuance:A` or `opening`; those that exist are left alone."""
    known = set(connection.execute(select(account.c.id).where(account.c.id.in_(ids))).scalars())
    rows = [
        {
            "id": id_,
            "holder": None,
            "purse": id_.partition(":")[0],
            "system": True,
            "posted": 0,
            "pending": 0,
        }
        for id_ in sorted(set(ids) - known)
    ]
    if rows:
        connection.execute(insert(account), rows)


def apply_moves(connection: Connection, moves: Iterable[Move]) -> set[str]:
    """Add the moves to the balances and return the accounts that changed.

    Raises IntegrityError where a holder's purse would fall below zero."""
    net: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for move in moves:
        for id_, sign in ((move.debit, -1), (move.credit, 1)):
            net[id_][0] += sign * move.posted
            net[id_][1] += sign * move.pending
    rows = [
        {"of": id_, "posted_by": posted, "pending_by": pending}
        for id_, (posted, pending) in sorted(net.items())
        if posted or pending
    ]
    if rows:
        connection.execute(
            update(account)
            .where(account.c.id == bindparam("of"))
            .values(
                posted=account.c.posted + bindparam("posted_by"),
                pending=account.c.pending + bindparam("pending_by"),
            ),
            rows,
        )
    return {str(row["of"]) for row in rows}
