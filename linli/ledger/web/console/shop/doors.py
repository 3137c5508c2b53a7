"""兑换柜: what is behind each door of a terminal's locker, and that it was filled again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.shop.doors import MOST_DOORS, doors_of, fill_door, set_door, terminals_of
from linli.ledger.shop.reading import shelves
from linli.ledger.shop.wares import GOOD
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.shop.changing import change
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site

DOORS = "/console/shop/doors"
routes = APIRouter(prefix=DOORS)


@routes.get("")
def show(request: Request, site: Here, visitor: Clerk) -> Response:
    with reading(site.engine) as connection:
        names = terminals_of(connection, visitor.scope)
        found = doors_of(connection, visitor.scope)
        goods = _goods(connection, visitor.scope)
    by_terminal = {name: [one for one in found if one.terminal == name] for name in names}
    return console_page(
        request, visitor, "shop/doors.html", by_terminal=by_terminal, goods=goods, most=MOST_DOORS
    )


@routes.post("")
def put(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Say what belongs behind a door."""
    name, door = _mine(site, visitor, form.text("terminal")), form.whole("door")
    ware = form.text("ware") or None

    def work(connection: Connection, now: dt.datetime) -> None:
        set_door(connection, name, door, ware, now)

    change(site, visitor, form, f"door {door} of {name}: {ware or 'nothing'}"[:120], work)
    return go(request, DOORS, f"{door} 号柜门已改好。{'装好以后请点“已装好”。' if ware else ''}")


@routes.post("/fill")
def fill(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    name, door = _mine(site, visitor, form.text("terminal")), form.whole("door")

    def work(connection: Connection, now: dt.datetime) -> None:
        fill_door(connection, name, door, now)

    change(site, visitor, form, f"filled door {door} of {name}", work)
    return go(request, DOORS, f"{door} 号柜门已登记装好，终端上马上能兑换。")


def _goods(connection: Connection, scope: str) -> Mapping[str, str]:
    """Titles of what may lie behind a door."""
    return {o.ware.id: o.ware.title for o in shelves(connection, scope) if o.ware.kind == GOOD}


def _mine(site: Site, visitor: Visitor, name: str) -> str:
    """Raises Refused for another community's terminal."""
    with reading(site.engine) as connection:
        if name not in terminals_of(connection, visitor.scope):
            raise Refused(404, "本社区没有这台终端，请刷新页面。")
    return name
