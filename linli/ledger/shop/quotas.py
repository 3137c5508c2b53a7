"""How many vouchers of an offer are still to be had in its period. Mostly pure."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, func, select

from linli.ledger.shop.customers import numbers_of
from linli.ledger.shop.merchants import Offer
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import redemption
from linli.sync.periods import SHANGHAI, business_day

WORDS = {"day": "today", "week": "this week", "month": "this month"} | {
    "quarter": "this quarter",
    "year": "this year",
}


def period_start(moment: dt.datetime, per: str) -> dt.datetime:
    """When the period that a moment lies in began. Raises KeyError for another `per`."""
    day = business_day(moment)
    first = {
        "day": day,
        "week": day - dt.timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }[per]
    return dt.datetime.combine(first, dt.time(), SHANGHAI)


def check_quota(of: Offer, their_own: int, of_all: int) -> None:
    """Raises ShopError where one more would be too many."""
    when = WORDS[of.period]
    if of.per_person is not None and their_own >= of.per_person:
        raise ShopError(Refusal.QUOTA, f"{of.per_person} of {of.title} is all one has {when}")
    if of.in_all is not None and of_all >= of.in_all:
        raise ShopError(Refusal.QUOTA, f"all {of.in_all} of {of.title} are gone {when}")


def require_quota(connection: Connection, of: Offer, holder: str, now: dt.datetime) -> None:
    """Lock the offer before. What was given back counts no more; what somebody had under a number
    that was merged counts. Raises ShopError."""
    since = redemption.c.made_at >= period_start(now, of.period)
    query = (
        select(redemption.c.holder, func.count())
        .where(redemption.c.offer == of.id, since, redemption.c.refunded_at.is_(None))
        .group_by(redemption.c.holder)
    )
    counts = {who: int(count) for who, count in connection.execute(query)}
    their_own = sum(counts.get(number, 0) for number in numbers_of(connection, holder))
    check_quota(of, their_own, sum(counts.values()))
