"""Secure cards are ordered here and made at a terminal or at the desk's own reader."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.issuing.ordering import NewOrder, open_orders, order_card, withdraw
from linli.ledger.issuing.schema import card_order
from linli.ledger.people.personal import plain
from linli.ledger.people.schema import org
from linli.ledger.web.console.drawing import console_page, form_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.people.acting import acting
from linli.ledger.web.console.people.reach import card_in_reach, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here

ORDERS = "/console/cards/orders"
ORDER = "people/card_order.html"
routes = APIRouter(prefix="/console/cards")
HEAD = ("制卡单", "卡号", "账户", "姓名", "下单", "下单人", "换下的卡", "进度")


@routes.get("/orders")
def show_orders(
    request: Request, site: Here, visitor: Clerk, q: str = "", format_: Format = ""
) -> Response:
    """What waits to be made in this community."""
    with reading(site.engine) as connection:
        rows = open_orders(connection, visitor.scope, site.clock.now())
    found = [row for row in rows if has(q, row.card, row.account, row.name_masked, row.id)]
    if format_:
        lines = (
            (
                row.id,
                row.card,
                row.account,
                row.name_masked,
                moment(row.made_at),
                row.made_by,
                row.replaces or "",
                "没有写完" if row.uid else "等待制卡",
            )
            for row in found
        )
        return as_file(format_, f"card-orders-{visitor.scope}", HEAD, lines)
    return console_page(request, visitor, "people/card_orders.html", page=cut(found, request), q=q)


@routes.get("/order")
def show_order(
    request: Request, site: Here, visitor: Clerk, account: str, replaces: str = ""
) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        if replaces:
            card_in_reach(connection, visitor, replaces)
    return form_page(request, visitor, ORDER, None, of=of, replaces=replaces, card="")


@routes.post("/order")
def order(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, replaces, now = form.text("account"), form.text("replaces"), site.clock.now()
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
    new = NewOrder(account, plain(form.text("card")), replaces or None)
    try:
        with acting(site, visitor, form, now, ORDERS) as connection:
            id_ = order_card(connection, new, visitor.signature, secrets.token_bytes, now)
    except Refused as error:
        typed = form.text("card")
        return form_page(request, visitor, ORDER, error, of=of, replaces=replaces, card=typed)
    return go(request, ORDERS, f"制卡单 {id_} 已下，请到终端的“制卡”里放卡。")


@routes.post("/orders/withdraw")
def take_back(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    id_, now = form.text("id"), site.clock.now()
    with reading(site.engine) as connection:
        _in_reach(connection, visitor, id_)
    with acting(site, visitor, form, now, ORDERS) as connection:
        gone = withdraw(connection, id_, visitor.signature, now)
    said = f"制卡单 {id_} 已撤回。" if gone else f"制卡单 {id_} 已经办完或撤回了。"
    return go(request, ORDERS, said)


def _in_reach(connection: Connection, visitor: Visitor, id_: str) -> None:
    """Raises Refused for an order that is not there, or another community's."""
    query = (
        select(card_order.c.scope, org.c.name)
        .join(org, org.c.id == card_order.c.scope)
        .where(card_order.c.id == id_)
    )
    row = connection.execute(query).first()
    if row is None:
        raise Refused(404, f"没有制卡单“{id_[:16]}”。")
    if visitor.worker.scope not in (None, row.scope):
        raise Refused(403, f"制卡单 {id_} 是{row.name}的，请到那里的积分服务台办理。")
