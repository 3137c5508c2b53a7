"""Checks of the shop's transfers: each stands for a redemption, a refund, a lease or a spend."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from linli.ledger.audit.difference import Difference
from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import account, transfer
from linli.ledger.shop.posting import (
    GOODS,
    LEASE,
    MERCHANT,
    REDEEM,
    REFUND,
    RETIRE,
    RETURN,
    SPEND,
    UNSPEND,
    goods,
    leased,
)
from linli.ledger.shop.schema import lease, lease_spend, redemption
from linli.ledger.standard.versions import Standards

PREFIXES = (REDEEM, REFUND, LEASE, RETURN, RETIRE, SPEND, UNSPEND)
ACCOUNTS = (GOODS, MERCHANT, LEASE)
Worth = tuple[str, str, int]
"""Debit, credit, points."""


def shop_reasons(connection: Connection) -> dict[str, Worth]:
    """Every transfer that the shop's rows speak of, by its id."""
    return dict(_of_redemptions(connection)) | dict(_of_leases(connection))


def shop_transfers(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each row of the shop moved its points as it says, and nothing else moved any: no transfer
    has an id of the shop or touches its accounts without such a row."""
    derived = shop_reasons(connection)
    named = or_(*(transfer.c.id.startswith(f"{prefix}.") for prefix in PREFIXES))
    touching = or_(
        *(
            side.startswith(f"{kind}:")
            for kind in ACCOUNTS
            for side in (transfer.c.debit, transfer.c.credit)
        )
    )
    # A deed's transfer may have any name: its activity's. It never touches the shop's accounts.
    of_shop = (named & transfer.c.deed.is_(None)) | touching
    for row in connection.execute(select(transfer).where(of_shop).order_by(transfer.c.id)):
        kept = (row.debit, row.credit, row.points, row.state, row.deed)
        worth = derived.pop(row.id, None)
        should = None if worth is None else (*worth, POSTED, None)
        if kept != should:
            yield Difference(f"transfer {row.id}", kept, should or "no such row")
    for missing in sorted(derived):
        yield Difference(f"transfer {missing}", "no such row", derived[missing])


def shop_accounts(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """No account of the shop is below zero: what was not given for goods is not given back."""
    of_shop = or_(*(account.c.id.startswith(f"{kind}:") for kind in ACCOUNTS))
    query = select(account.c.id, account.c.posted, account.c.pending).where(of_shop)
    for row in connection.execute(query.order_by(account.c.id)):
        if row.posted < 0 or row.pending != 0:
            kept = (row.posted, row.pending)
            yield Difference(f"account {row.id}, posted and pending", kept, "0 or more, and 0")


def _of_redemptions(connection: Connection) -> Iterator[tuple[str, Worth]]:
    for row in connection.execute(select(redemption)):
        purse = redeemable(row.holder)
        yield f"{REDEEM}.{row.id}", (purse, row.credit, row.points)
        if row.refunded_at is not None:
            yield f"{REFUND}.{row.id}", (row.credit, purse, row.points)


def _of_leases(connection: Connection) -> Iterator[tuple[str, Worth]]:
    for row in connection.execute(select(lease)):
        purse, held = redeemable(row.holder), leased(row.terminal, row.holder)
        yield f"{LEASE}.{row.id}", (purse, held, row.points)
        if row.returned:
            yield f"{RETURN}.{row.id}", (held, purse, row.returned)
        if row.retired:
            yield f"{RETIRE}.{row.id}", (held, purse, row.retired)
    spends = select(lease_spend, lease.c.holder, lease.c.centre).join(
        lease, lease.c.id == lease_spend.c.lease
    )
    for row in connection.execute(spends):
        if row.taken:
            held = leased(row.terminal, row.holder)
            name = f"{row.terminal}.{row.seq}"
            yield f"{SPEND}.{name}", (held, goods(row.centre), row.taken)
            if row.refunded_at is not None:
                yield f"{UNSPEND}.{name}", (goods(row.centre), redeemable(row.holder), row.taken)
