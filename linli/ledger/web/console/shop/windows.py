"""兑换期: when each quarter is redeemed. The calendar opens them; staff may set other days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.cadence.schema import calendar
from linli.ledger.database import reading
from linli.ledger.shop.quarters import Redeemed, redeemed
from linli.ledger.shop.windows import Window, set_window, windows
from linli.ledger.staff.roles import Right
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Reader
from linli.ledger.web.console.shop.changing import change
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here
from linli.sync.periods import SHANGHAI, period_of

WINDOWS = "/console/shop/windows"
routes = APIRouter(prefix=WINDOWS)
OPENS_AT = dt.time(9)
HEAD = ("季度", "开放", "结束", "人数", "兑换", "积分")


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    year: str = "",
    format_: Format = "",
) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        known = windows(connection, visitor.scope)[::-1]
        found = [(w, redeemed(connection, w)) for w in known if w.quarter.startswith(year)]
        days = select(calendar.c.window_days).where(calendar.c.scope == visitor.scope)
        window_days = connection.execute(days).scalar()
    if format_:
        rows = (_row(one, came) for one, came in found)
        return as_file(format_, f"windows-{visitor.scope}", HEAD, rows)
    return console_page(
        request,
        visitor,
        "shop/windows.html",
        page=cut(found, request),
        year=year,
        years=sorted({one.quarter[:4] for one in known}, reverse=True),
        window_days=window_days,
        this_quarter=period_of(now, "quarter"),
        may_change=visitor.may(Right.DESK),
    )


@routes.post("")
def set_(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """From a day's morning to the end of another."""
    quarter = form.text("quarter").upper()
    try:
        first = dt.date.fromisoformat(form.text("first"))
        last = dt.date.fromisoformat(form.text("last")) + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        raise Refused(422, "请选开始和结束的日期。") from None
    opens = dt.datetime.combine(first, OPENS_AT, SHANGHAI)
    closes = dt.datetime.combine(last, dt.time(), SHANGHAI)

    def work(connection: Connection, now: dt.datetime) -> Window:
        return set_window(connection, visitor.scope, quarter, opens, closes, now)

    change(site, visitor, form, f"window {quarter}: {first} to {last}", work)
    return go(request, WINDOWS, "兑换期已设好。")


def _row(one: Window, came: Redeemed) -> Sequence[object]:
    span = (moment(one.opens), moment(one.closes))
    return (one.quarter, *span, came.people, came.redemptions, came.points)
