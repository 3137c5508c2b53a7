"""Checks that the shop's rows fit each other: redemptions, vouchers, leases and spends."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.audit.difference import Difference
from linli.ledger.audit.merges import bearers_at, succession
from linli.ledger.shop.codes import read_code
from linli.ledger.shop.leases import held
from linli.ledger.shop.posting import goods, of_merchant
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.schema import (
    lease,
    lease_spend,
    offer,
    redemption,
    retired_terminal,
    voucher,
)
from linli.ledger.shop.spending import digest_of
from linli.ledger.shop.vouchers import EXPIRED, NOT_USED, REFUNDED, USED
from linli.ledger.standard.versions import Standards


def redemptions_and_vouchers(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each redemption is of whoever asked, or of the one they were merged into, and went where its
    ware or offer is; each one of an offer has its voucher, whose state says whether the points came
    back."""
    query = (
        select(redemption, offer.c.merchant.label("of_merchant"), voucher)
        .outerjoin(offer, offer.c.id == redemption.c.offer)
        .outerjoin(voucher, voucher.c.redemption == redemption.c.id)
        .order_by(redemption.c.id)
    )
    line = succession(connection)
    for row in connection.execute(query):
        where = f"redemption {row.id}"
        asked = row.id.rpartition(".")[0]
        if row.holder not in bearers_at(line, asked, None):
            yield Difference(f"{where}, holder", row.holder, asked)
        credit = goods(row.centre) if row.offer is None else of_merchant(row.of_merchant)
        if row.credit != credit:
            yield Difference(f"{where}, credit", row.credit, credit)
        if (row.offer is None) != (row.redemption is None):
            kept = "none" if row.redemption is None else row.code
            yield Difference(f"{where}, voucher", kept, "one for each offer, none for goods")
        elif row.redemption is not None:
            yield from _voucher(row)


def leases_and_spends(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each lease has spent what its spends took, in its terminal's own words; what staff took
    back was a retired terminal's; and nobody's points are at two terminals."""
    taken: Counter[str] = Counter()
    terminals = {row.id: row.terminal for row in connection.execute(select(lease))}
    spends = select(lease_spend).order_by(lease_spend.c.terminal, lease_spend.c.seq)
    for row in connection.execute(spends):
        taken[row.lease] += row.taken
        where = f"spend {row.terminal}/{row.seq}"
        if row.from_stock + row.missing not in (0, row.pieces):
            kept = (row.from_stock, row.missing)
            yield Difference(f"{where}, from the shelf and missing", kept, row.pieces)
        if row.terminal != terminals.get(row.lease):
            yield Difference(f"{where}, terminal", row.terminal, terminals.get(row.lease))
        digest = digest_of(row.lease, row.points, row.what, row.ware, row.pieces)
        if row.digest != digest:
            yield Difference(f"{where}, digest", row.digest, digest)
    retired = set(connection.execute(select(retired_terminal.c.terminal)).scalars())
    homes: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(lease).order_by(lease.c.id)):
        if row.spent != taken[row.id]:
            yield Difference(f"lease {row.id}, spent", row.spent, taken[row.id])
        yield from _ended(row, retired)
        if row.closed_at is None and held(row).left:
            homes[row.holder].add(row.terminal)
    for who, at in sorted(homes.items()):
        if len(at) > 1:
            yield Difference(f"leases of {who}", f"at {', '.join(sorted(at))}", "at one terminal")


def _voucher(row: Row[Any]) -> Iterator[Difference]:
    where = f"voucher {row.id}"
    if row.merchant != row.of_merchant:
        yield Difference(f"{where}, merchant", row.merchant, row.of_merchant)
    came_back = row.refunded_at is not None
    if (row.state in (REFUNDED, EXPIRED)) != came_back:
        yield Difference(f"{where}, state", row.state, "as its points: back or not")
    elif came_back and (row.state == EXPIRED) != (row.refund_request is None):
        should = f"expired: {NOT_USED}" if row.refund_request is None else "refunded by a request"
        yield Difference(f"{where}, state", row.state, should)
    if row.state == USED and not row.made_at <= row.used_at < row.expires_at:
        span = f"from {row.made_at} to before {row.expires_at}"
        yield Difference(f"{where}, used", row.used_at, span)
    if not _is_code(row.code):
        yield Difference(f"{where}, code", row.code, "one whose check character fits")


def _is_code(code: str) -> bool:
    try:
        return read_code(code) == code
    except ShopError:
        return False


def _ended(row: Row[Any], retired: set[str]) -> Iterator[Difference]:
    if row.retired and row.terminal not in retired:
        yield Difference(f"lease {row.id}, retired", row.retired, f"0: {row.terminal} is not")
    if row.returned > (row.told or 0):
        yield Difference(f"lease {row.id}, returned", row.returned, f"at most {row.told or 0}")
    if (row.closed_at is None) != (row.closed_seq is None and not row.retired):
        yield Difference(f"lease {row.id}, ended", row.closed_at, "when it was given back")
