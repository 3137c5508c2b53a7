"""Redemption windows: when a community redeems a quarter's points.

A window has the quarter's name and days of its own: the points of autumn may well be redeemed in
January. Between windows only what is marked as open all year can be redeemed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.database import upsert
from linli.ledger.feed.wares import tell_window
from linli.ledger.shop.naming import require_community
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import shop_window

QUARTER = re.compile(r"[1-9][0-9]{3}-Q[1-4]")


@dataclass(frozen=True, slots=True)
class Window:
    """Open from `opens` on, and before `closes`."""

    scope: str
    quarter: str
    opens: dt.datetime
    closes: dt.datetime

    def is_open(self, at: dt.datetime) -> bool:
        return self.opens <= at < self.closes


def set_window(
    connection: Connection,
    scope: str,
    quarter: str,
    opens: dt.datetime,
    closes: dt.datetime,
    now: dt.datetime,
) -> Window:
    """Say when a quarter is redeemed, or say it anew. Raises ShopError for a window without time
    in it, and for one that overlaps another quarter's."""
    require_community(connection, scope)
    if not QUARTER.fullmatch(quarter):
        raise ShopError(Refusal.NOT_POSSIBLE, f"{quarter!r} is no quarter: write it like 2026-Q4")
    if opens.tzinfo is None or closes.tzinfo is None or opens >= closes:
        raise ShopError(
            Refusal.NOT_POSSIBLE,
            f"the window of {quarter} must close after it opens, both with their time zone",
        )
    for other in windows(connection, scope):
        if other.quarter != quarter and opens < other.closes and other.opens < closes:
            raise ShopError(
                Refusal.NOT_POSSIBLE,
                f"the window of {quarter} overlaps that of {other.quarter}: move one of them",
            )
    made = {"scope": scope, "quarter": quarter, "opens": opens, "closes": closes}
    upsert(connection, shop_window, [made])
    tell_window(connection, scope, quarter, now)
    return Window(scope, quarter, opens, closes)


def windows(connection: Connection, scope: str) -> list[Window]:
    """A community's windows, the earliest first."""
    query = select(shop_window).where(shop_window.c.scope == scope).order_by(shop_window.c.opens)
    return [Window(**row._asdict()) for row in connection.execute(query)]


def require_open(connection: Connection, scope: str, now: dt.datetime) -> Window:
    """The window that is open. Raises ShopError, saying when the next one opens."""
    known = windows(connection, scope)
    for one in known:
        if one.is_open(now):
            return one
    coming = [one for one in known if one.opens > now]
    when = f"the next window opens on {coming[0].opens:%Y-%m-%d}" if coming else "none is planned"
    raise ShopError(Refusal.CLOSED, f"{scope} redeems nothing today: {when}")
