"""Checks of what was written down of months and handed out: it is what vouchers and orders say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, select

from linli.ledger.audit.difference import Difference
from linli.ledger.shop.posting import REDEEM, SPEND
from linli.ledger.shop.schema import handed_out, redemption, settlement, voucher
from linli.ledger.shop.vouchers import USED
from linli.ledger.standard.versions import Standards
from linli.sync.periods import period_of

Sums = tuple[int, int, int, int]
"""Vouchers, points, and the two parts in fen."""


def settlements_add_up(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """A settled month has what its used vouchers come to."""
    sums: dict[tuple[str, str], Sums] = defaultdict(lambda: (0, 0, 0, 0))
    query = select(voucher, redemption.c.points).join(
        redemption, redemption.c.id == voucher.c.redemption
    )
    for row in connection.execute(query.where(voucher.c.state == USED)):
        key = (row.merchant, period_of(row.used_at, "month"))
        count, points, community, merchant = sums[key]
        sums[key] = (
            count + 1,
            points + row.points,
            community + row.community_fen,
            merchant + row.merchant_fen,
        )
    order = (settlement.c.month, settlement.c.merchant)
    for row in connection.execute(select(settlement).order_by(*order)):
        kept = (row.vouchers, row.points, row.community_fen, row.merchant_fen)
        should = sums[row.merchant, row.month]
        if kept != should:
            yield Difference(f"settlement {row.month} of {row.merchant}", kept, should)


def handed_out_was_paid_for(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """What was handed out is an order of something over the counter."""
    for row in connection.execute(select(handed_out).order_by(handed_out.c.transfer)):
        kind, _, rest = row.transfer.partition(".")
        if kind == REDEEM:
            query = select(redemption.c.ware).where(redemption.c.id == rest)
            known = connection.execute(query).scalar() is not None
        else:
            known = kind == SPEND
        if not known:
            yield Difference(f"handed out {row.transfer}", "no such order", "one over the counter")
