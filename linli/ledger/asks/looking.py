"""A voucher is held before a terminal's scanner: whether it is still good, and where."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from linli.ledger.asks.declining import Decline
from linli.ledger.shop.codes import read_code
from linli.ledger.shop.reading import vouchers
from linli.ledger.shop.schema import voucher
from linli.ledger.shop.vouchers import EXPIRED, ISSUED
from linli.sync.asks import AskVoucher, VoucherSeen


def look_at_voucher(connection: Connection, ask: AskVoucher, now: dt.datetime) -> VoucherSeen:
    """Of any community: it may be used wherever its merchant is. Nothing is changed, and nothing
    of its holder is told. Raises ShopError for what is no code, Decline for one never issued."""
    found = vouchers(connection, voucher.c.code == read_code(ask.code))
    if not found:
        raise Decline("not-there")
    one = found[0]
    over = one.state == ISSUED and one.expires_at <= now
    return VoucherSeen(
        state=EXPIRED if over else one.state,
        title=one.title,
        merchant=one.merchant.name,
        until=one.expires_at,
    )
