"""What a merchant is owed for a month, and how its visitors were served.

A voucher belongs to the month it was used in, by the business day. Nothing here changes anything.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.documents.model import Settlement, Voucher
from linli.ledger.people.schema import org
from linli.ledger.shop.codes import shown
from linli.ledger.shop.merchants import Merchant, read_merchant
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import voucher
from linli.ledger.shop.vouchers import USED, joined
from linli.sync.periods import SHANGHAI, business_day


@dataclass(frozen=True, slots=True)
class MerchantMonth:
    """The used vouchers of a merchant's month, in the order of their use."""

    merchant: Merchant
    month: str
    vouchers: tuple[Voucher, ...]

    @property
    def points(self) -> int:
        return sum(one.points for one in self.vouchers)

    @property
    def community_fen(self) -> int:
        """What the community owes the merchant."""
        return sum(one.community_fen for one in self.vouchers)

    @property
    def merchant_fen(self) -> int:
        """What the merchant gives itself."""
        return sum(one.merchant_fen for one in self.vouchers)


@dataclass(frozen=True, slots=True)
class Footfall:
    """A day at a merchant's: vouchers used, and by how many people."""

    day: dt.date
    visits: int
    people: int


@dataclass(frozen=True, slots=True)
class Rating:
    """What the holders of a month's used vouchers said: how many gave 1, 2, 3, 4, 5 stars."""

    counts: tuple[int, int, int, int, int]

    @property
    def ratings(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> float | None:
        """None where nobody said anything."""
        total = sum(stars * count for stars, count in enumerate(self.counts, start=1))
        return total / self.ratings if self.ratings else None


def settle(connection: Connection, merchant_id: str, month: str) -> MerchantMonth:
    """A merchant's month such as 2026-11, so far. Raises ShopError for no merchant or month."""
    of = read_merchant(connection, merchant_id)
    if of is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no merchant {merchant_id}")
    lines = (
        Voucher(
            shown(row.code),
            row.title,
            business_day(row.used_at),
            row.points,
            row.community_fen,
            row.merchant_fen,
        )
        for row in _used(connection, merchant_id, month)
    )
    return MerchantMonth(of, month, tuple(lines))


def statement(connection: Connection, of: MerchantMonth, on: dt.date) -> Settlement:
    """The month as it is signed and stamped. Raises ShopError before the month is over: what it
    owes is not known yet."""
    if on < business_day(month_span(of.month)[1]):
        raise ShopError(
            Refusal.NOT_POSSIBLE, f"{of.month} is not over yet: it is settled in the next month"
        )
    name = connection.execute(select(org.c.name).where(org.c.id == of.merchant.scope)).scalar_one()
    return Settlement(
        community=name,
        merchant=of.merchant.name,
        merchant_number=of.merchant.number,
        month=of.month,
        made_on=on,
        number=f"JS-{of.month}-{of.merchant.number}",
        vouchers=of.vouchers,
    )


def footfall(connection: Connection, merchant_id: str, month: str) -> list[Footfall]:
    """The days of a month on which somebody came. Raises ShopError for no month."""
    visits: Counter[dt.date] = Counter()
    people: dict[dt.date, set[str]] = defaultdict(set)
    for row in _used(connection, merchant_id, month):
        day = business_day(row.used_at)
        visits[day] += 1
        people[day].add(row.holder)
    return [Footfall(day, visits[day], len(people[day])) for day in sorted(visits)]


def rating(connection: Connection, merchant_id: str, month: str) -> Rating:
    """How a month's vouchers were rated. Raises ShopError for no month."""
    counts = Counter(row.stars for row in _used(connection, merchant_id, month))
    return Rating((counts[1], counts[2], counts[3], counts[4], counts[5]))


def month_span(month: str) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a month and of the next. Raises ShopError for what is no month."""
    try:
        first = dt.date.fromisoformat(f"{month}-01")
        after = (first + dt.timedelta(days=32)).replace(day=1)
        return _midnight(first), _midnight(after)
    except (ValueError, OverflowError) as error:
        raise ShopError(
            Refusal.NOT_POSSIBLE, f"{month!r} is no month: write it like 2026-11"
        ) from error


def _midnight(day: dt.date) -> dt.datetime:
    """Raises OverflowError for a day that the ledger cannot keep, in UTC, as any moment."""
    begins = dt.datetime.combine(day, dt.time(), SHANGHAI)
    begins.astimezone(dt.UTC)
    return begins


def _used(connection: Connection, merchant_id: str, month: str) -> Iterator[Row[Any]]:
    first, after = month_span(month)
    query = joined().where(
        voucher.c.merchant == merchant_id,
        voucher.c.state == USED,
        voucher.c.used_at >= first,
        voucher.c.used_at < after,
    )
    ordered = query.order_by(None).order_by(voucher.c.used_at, voucher.c.redemption)
    yield from connection.execute(ordered)
