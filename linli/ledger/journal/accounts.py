"""Accounts: two purses for each holder, one issuing account for each class of items.

An account's `posted` and `pending` are credits less debits. An issuing account goes below zero
by what it gave out; a holder's purse never does (the database itself refuses it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from msgspec import Struct
from sqlalchemy import Connection, select

from linli.ledger.database import Lines, add_to_rows, among, insert_rows
from linli.ledger.journal.schema import account
from linli.ledger.prepared import Prepared

EARNED, REDEEMABLE, ISSUANCE, OPENING = "earned", "redeemable", "issuance", "opening"
_KNOWN = Prepared(select(account.c.id).where(among(account.c.id, "ids")))


def earned(holder: str) -> str:
    """The purse of points whose month is not sealed yet."""
    return f"{holder}:{EARNED}"


def redeemable(holder: str) -> str:
    """The purse of points that may be spent."""
    return f"{holder}:{REDEEMABLE}"


def issuance(class_code: str) -> str:
    """Where the points of one class of items come from."""
    return f"{ISSUANCE}:{class_code}"


class Move(Struct, frozen=True, gc=False):
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
    insert_rows(connection, account, rows)


def open_system(connection: Connection, ids: Collection[str]) -> None:
    """System accounts such as `issuance:A` or `opening`; those that exist are left alone."""
    known = {row[0] for row in _KNOWN.all(connection, ids=ids)}
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
    insert_rows(connection, account, rows)


def apply_moves(connection: Connection, moves: Iterable[Move]) -> set[str]:
    """Add the moves to the balances and return the accounts that changed.

    Raises IntegrityError where a holder's purse would fall below zero."""
    posted: dict[str, int] = defaultdict(int)
    pending: dict[str, int] = defaultdict(int)
    for move in moves:
        if move.posted:
            posted[move.debit] -= move.posted
            posted[move.credit] += move.posted
        if move.pending:
            pending[move.debit] -= move.pending
            pending[move.credit] += move.pending
    net = [(id_, posted.get(id_, 0), pending.get(id_, 0)) for id_ in {**posted, **pending}]
    rows = [row for row in net if row[1] or row[2]]
    add_to_rows(connection, account, Lines(("id", "posted", "pending"), rows))
    return {id_ for id_, *_ in rows}
