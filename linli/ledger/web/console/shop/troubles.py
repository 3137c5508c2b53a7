"""柜门问题: doors that did not give out what was paid for, and what staff found behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.shop.doors import terminals_of
from linli.ledger.shop.handing import Order, find_order
from linli.ledger.shop.schema import ware
from linli.ledger.shop.troubles import Found, Trouble, settle, troubles
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.shop.changing import serve
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import CAME_OF_IT, DOOR_TROUBLE, FOUND

TROUBLES = "/console/shop/troubles"
routes = APIRouter(prefix=TROUBLES)
HEAD = (
    "时间",
    "终端",
    "柜门",
    "姓名",
    "物品",
    "积分",
    "问题",
    "结果",
    "查看结果",
    "查看人",
    "查看时间",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One trouble with whose it is; `order` is None where its points are back, or none were
    paid."""

    of: Trouble
    holder: Holder
    order: Order | None
    title: str


@routes.get("")
def show(
    request: Request, site: Here, visitor: Clerk, settled: bool = False, format_: Format = ""
) -> Response:
    with reading(site.engine) as connection:
        found = _cases(connection, troubles(connection, visitor.scope, settled=settled))
    if format_:
        return as_file(format_, f"troubles-{visitor.scope}", HEAD, [_row(one) for one in found])
    page = cut(found, request, 20)
    return console_page(request, visitor, "shop/troubles.html", page=page, settled=settled)


@routes.post("")
def look(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Somebody looked behind the door."""
    name, seq = form.text("terminal"), form.whole("seq")
    if form.text("found") not in set(Found):
        raise Refused(422, "请选东西已经取走，还是没有取走。")
    found = Found(form.text("found"))
    with reading(site.engine) as connection:
        if name not in terminals_of(connection, visitor.scope):
            raise Refused(404, "本社区没有这台终端，请刷新页面。")
        rows = troubles(connection, visitor.scope, settled=False)
        account = next((r.account for r in rows if (r.terminal, r.seq) == (name, seq)), None)

    def work(connection: Connection, now: dt.datetime) -> Trouble:
        return settle(connection, name, seq, found, visitor.worker.name, form.token, now)

    serve(site, visitor, form, f"door case {name}/{seq}: {found.value}", account or "", work)
    said = "已记为取走。" if found is Found.OUT else "已记为没有取走，积分退回本人。"
    return go(request, TROUBLES, said)


def _cases(connection: Connection, found: list[Trouble]) -> list[Case]:
    people = read_holders(connection, {one.account for one in found})
    titles = _titles(connection, found)
    cases = []
    for one in found:
        order = find_order(connection, one.order_id) if one.order_id else None
        title = titles.get(one.ware, one.ware) if order is None else order.title
        cases.append(Case(one, people[one.account], order, title))
    return cases


def _row(one: Case) -> tuple[object, ...]:
    of = one.of
    return (
        moment(of.at),
        of.terminal,
        of.door,
        one.holder.name_masked,
        one.title,
        one.order.points if one.order else "",
        DOOR_TROUBLE[of.reason],
        CAME_OF_IT[of.came_of_it.value],
        FOUND[of.found.value] if of.found else "",
        of.settled_by or "",
        moment(of.settled_at),
    )


def _titles(connection: Connection, found: list[Trouble]) -> Mapping[str, str]:
    query = select(ware.c.id, ware.c.title).where(ware.c.id.in_({one.ware for one in found}))
    return {row.id: row.title for row in connection.execute(query)}
