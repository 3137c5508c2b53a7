"""Opens a quarter's window when its points are there, and counts what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from linli.ledger.notice.schema import notice
from linli.ledger.people.schema import holder
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import redemption
from linli.ledger.shop.windows import Window, set_window, windows
from linli.sync.periods import SHANGHAI, business_day


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a window came to, without what was given back."""

    redemptions: int
    people: int
    points: int


def window_of(connection: Connection, scope: str, quarter: str) -> Window | None:
    """The window of a quarter, whoever set it."""
    found = (one for one in windows(connection, scope) if one.quarter == quarter)
    return next(found, None)


def open_window(
    connection: Connection, scope: str, quarter: str, days: int, now: dt.datetime
) -> Window:
    """Open the quarter's window now, until the end of its `days`; one that is set already stays
    as it is. Raises ShopError before the quarter's last month is sealed, and where it would
    overlap another window."""
    known = window_of(connection, scope, quarter)
    if known is not None:
        return known
    month = last_month(quarter)
    sealed = select(notice.c.sealed_at).where(notice.c.scope == scope, notice.c.month == month)
    if connection.execute(sealed).scalar() is None:
        raise ShopError(
            Refusal.CLOSED, f"{month} is not sealed yet: its points cannot be redeemed before"
        )
    last = business_day(now) + dt.timedelta(days=days)
    closes = dt.datetime.combine(last, dt.time(), SHANGHAI)
    return set_window(connection, scope, quarter, now, closes, now)


def close_window(
    connection: Connection, scope: str, quarter: str, now: dt.datetime
) -> Redeemed | None:
    """What a window that is over came to; None where the quarter had none. Raises ShopError while
    it is open, or still to open."""
    known = window_of(connection, scope, quarter)
    if known is None:
        return None
    if now < known.closes:
        raise ShopError(Refusal.NOT_POSSIBLE, f"it is open until {known.closes:%Y-%m-%d %H:%M}")
    return redeemed(connection, known)


def redeemed(connection: Connection, window: Window) -> Redeemed:
    query = (
        select(
            func.count(),
            func.count(redemption.c.holder.distinct()),
            func.coalesce(func.sum(redemption.c.points), 0),
        )
        .join(holder, holder.c.account == redemption.c.holder)
        .where(
            holder.c.scope == window.scope,
            redemption.c.made_at >= window.opens,
            redemption.c.made_at < window.closes,
            redemption.c.refunded_at.is_(None),
        )
    )
    count, people, points = connection.execute(query).one()
    return Redeemed(count, people, int(points))


def last_month(quarter: str) -> str:
    """2026-Q4 ends with 2026-12."""
    year, _, number = quarter.partition("-Q")
    return f"{year}-{int(number) * 3:02d}"
