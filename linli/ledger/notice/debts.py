"""What is owed for sealed deeds that were taken back after their points were spent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, func, insert, select, update

from linli.ledger.database import in_chunks
from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.correcting import give_back
from linli.ledger.journal.deed import Deed, read_deeds
from linli.ledger.journal.schema import account, transfer
from linli.ledger.notice.schema import debt
from linli.ledger.people.bearers import bearers, taken_over

REASON = "owed for a deed that was taken back"


def owe(connection: Connection, of: Deed, points: int) -> None:
    """Remember what could not be taken back at once."""
    if points:
        connection.execute(
            insert(debt).values(deed=of.id, holder=of.account, issuance=of.debit, points=points)
        )


def settle_debts(connection: Connection, holders: Collection[str], now: dt.datetime) -> None:
    """Take what these holders owe from their redeemable points, as far as they go; what merged
    accounts owe, from their bearer's."""
    ends = bearers(connection, holders)
    family = {**ends, **taken_over(connection, set(ends.values()))}
    for chunk in in_chunks(sorted({*family, *ends.values()})):
        owed = select(debt).where(debt.c.holder.in_(chunk), debt.c.points > 0)
        for row in connection.execute(owed.order_by(debt.c.deed)).all():
            bearer = family.get(row.holder, row.holder)
            _settle(connection, row.deed, bearer, row.points, now)


def owed_by(connection: Connection, holder: str) -> int:
    """By the accounts merged into theirs too."""
    owing = [holder, *taken_over(connection, [holder])]
    query = select(func.coalesce(func.sum(debt.c.points), 0)).where(debt.c.holder.in_(owing))
    return int(connection.execute(query).scalar_one())


def _settle(
    connection: Connection, deed_id: str, holder: str, points: int, now: dt.datetime
) -> None:
    purse = redeemable(holder)
    have = connection.execute(select(account.c.posted).where(account.c.id == purse)).scalar_one()
    paid = min(points, have)
    if not paid:
        return
    of = read_deeds(connection, [deed_id])[deed_id]
    earlier = select(func.count()).where(
        transfer.c.deed == deed_id, transfer.c.credit == of.debit, transfer.c.id != of.transfer
    )
    number = connection.execute(earlier).scalar_one() + 2
    give_back(connection, f"{of.transfer}c{number}", purse, of, paid, REASON, now)
    connection.execute(update(debt).where(debt.c.deed == deed_id).values(points=points - paid))
