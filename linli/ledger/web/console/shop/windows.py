"""兑换期: when each quarter is redeemed. The calendar opens them; staff may set other days."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.cadence.schema import calendar
from linli.ledger.database import reading
from linli.ledger.shop.quarters import redeemed
from linli.ledger.shop.windows import Window, set_window, windows
from linli.ledger.staff.roles import Right
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Reader
from linli.ledger.web.console.shop.changing import change
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.sync.periods import SHANGHAI, period_of

WINDOWS = "/console/shop/windows"
routes = APIRouter(prefix=WINDOWS)
OPENS_AT = dt.time(9)


@routes.get("")
def show(request: Request, site: Here, visitor: Reader) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        known = windows(connection, visitor.scope)[::-1]
        page = cut([(one, redeemed(connection, one)) for one in known], request)
        days = select(calendar.c.window_days).where(calendar.c.scope == visitor.scope)
        window_days = connection.execute(days).scalar()
    return console_page(
        request,
        visitor,
        "shop/windows.html",
        page=page,
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

    def work(connection: Connection, _now: dt.datetime) -> Window:
        return set_window(connection, visitor.scope, quarter, opens, closes)

    change(site, visitor, form, f"window {quarter}: {first} to {last}", work)
    return go(request, WINDOWS, "兑换期已设好。")
