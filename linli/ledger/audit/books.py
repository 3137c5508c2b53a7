"""Checks of the double entry: deeds, the transfers that pay for them, and every balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from linli.ledger.audit.difference import Difference
from linli.ledger.audit.merges import merge_moves
from linli.ledger.audit.shop import shop_reasons
from linli.ledger.journal.accounts import EARNED, OPENING, REDEEMABLE, earned
from linli.ledger.journal.deed import CORRECTED, PENDING, POSTED, VOIDED
from linli.ledger.journal.schema import account, deed, ledger_total, transfer
from linli.ledger.people.schema import holder
from linli.ledger.shop.posting import LEASE
from linli.ledger.standard.versions import Standards


def deeds_are_paid(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each deed has its transfer, of the same worth and state, to its own account."""
    query = (
        select(
            deed.c.id,
            deed.c.account,
            deed.c.item,
            deed.c.points,
            deed.c.standard_version,
            deed.c.state,
            deed.c.flags,
            deed.c.transfer,
            transfer.c.state.label("paid"),
            transfer.c.points.label("worth"),
            transfer.c.credit,
            transfer.c.deed.label("pays_for"),
            transfer.c.item.label("paid_item"),
            transfer.c.standard_version.label("paid_by"),
        )
        .outerjoin(transfer, transfer.c.id == deed.c.transfer)
        .order_by(deed.c.id)
    )
    for row in connection.execute(query):
        kept = (row.paid, row.worth, row.credit, row.pays_for, row.paid_item, row.paid_by)
        worth = (row.item, row.standard_version)
        state = POSTED if CORRECTED in row.flags.split() else row.state
        derived = (state, row.points, earned(row.account), row.id, *worth)
        if kept != derived:
            yield Difference(f"deed {row.id}, transfer {row.transfer}", kept, derived)


def decided_transfers(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """A transfer that a deed left behind is voided: no deed is paid twice."""
    query = (
        select(transfer.c.id, transfer.c.state)
        .join(deed, deed.c.id == transfer.c.deed)
        .join(account, account.c.id == transfer.c.credit)
        .where(
            transfer.c.id != deed.c.transfer,
            transfer.c.state != VOIDED,
            account.c.system.is_(False),
        )
    )
    for row in connection.execute(query.order_by(transfer.c.id)):
        yield Difference(f"transfer {row.id}, state", row.state, VOIDED)


def every_transfer_has_a_reason(
    connection: Connection, _standards: Standards
) -> Iterator[Difference]:
    """A transfer pays for a deed or takes one back, or it is a month's sealing, an opening balance
    or one that a row of the shop speaks of; the others look at whether it is the right one. Or it
    brings what a merged account had to the one it went into, by just as many transfers as are known
    of it."""
    of_shop = shop_reasons(connection)
    reasons = merge_moves(connection)
    query = (
        select(
            transfer.c.id,
            transfer.c.points,
            transfer.c.state,
            transfer.c.debit,
            transfer.c.credit,
        )
        .outerjoin(deed, deed.c.id == transfer.c.deed)
        .where(
            deed.c.id.is_(None),
            ~transfer.c.id.startswith(f"{OPENING}."),
            ~transfer.c.id.startswith("seal."),
        )
    )
    for row in connection.execute(query.order_by(transfer.c.id)):
        if row.id in of_shop:
            continue
        if (row.state, row.debit, row.credit) not in reasons.pop(row.id, ()):
            yield Difference(
                f"transfer {row.id}", f"{row.points} points for nothing", "no such row"
            )
    for missing in sorted(reasons):
        yield Difference(f"transfer {missing}", "no such row", "what a merged account had")


def balances(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each balance is its transfers' sum, and all together are zero."""
    derived: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    alike = (transfer.c.debit, transfer.c.credit, transfer.c.state, deed.c.surplus)
    query = (
        select(*alike, func.sum(transfer.c.points).label("points"))
        .outerjoin(deed, deed.c.transfer == transfer.c.id)
        .group_by(*alike)
    )
    for moved in connection.execute(query):
        if moved.state == POSTED:
            place = 0
        elif moved.state == PENDING and not moved.surplus:
            place = 1
        else:
            continue
        derived[moved.debit][place] -= moved.points
        derived[moved.credit][place] += moved.points
    yield from _without_purses(connection)
    totals = [0, 0]
    for row in connection.execute(select(account).order_by(account.c.id)):
        yield from _names_itself(row)
        posted, pending = derived.pop(row.id, [0, 0])
        if (row.posted, row.pending) != (posted, pending):
            yield Difference(
                f"account {row.id}, posted and pending",
                (row.posted, row.pending),
                (posted, pending),
            )
        totals = [totals[0] + row.posted, totals[1] + row.pending]
    for missing in sorted(derived):
        yield Difference(f"account {missing}", "no such row", "an account")
    kept = connection.execute(select(ledger_total.c.posted, ledger_total.c.pending)).first()
    if totals != [0, 0] or kept is None or tuple(kept) != (0, 0):
        yield Difference("sum over all accounts", (*totals, *(kept or ())), (0, 0, 0, 0))


def _without_purses(connection: Connection) -> Iterator[Difference]:
    """Every holder has both purses, empty or not."""
    for purse in (EARNED, REDEEMABLE):
        query = (
            select(holder.c.account)
            .outerjoin(account, account.c.id == holder.c.account + f":{purse}")
            .where(account.c.id.is_(None))
            .limit(1)
        )
        for row in connection.execute(query):
            yield Difference(f"account {row.account}:{purse}", "no such row", "an account")


def _names_itself(row: Row[Any]) -> Iterator[Difference]:
    """Who holds an account, and which of their purses it is, can be read from its id."""
    bearer, _, purse = row.id.rpartition(":")
    derived: tuple[str | None, str, bool] = (bearer, purse, False)
    if purse not in (EARNED, REDEEMABLE):
        kind = row.id.partition(":")[0]
        derived = (purse, kind, False) if kind == LEASE else (None, kind, True)
    kept = (row.holder, row.purse, row.system)
    if kept != derived:
        yield Difference(f"account {row.id}, holder, purse and system", kept, derived)
