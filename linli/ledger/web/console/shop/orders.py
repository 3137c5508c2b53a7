"""待发放: what people paid for and have not got yet; what could not be served goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.shop.handing import Order, hand_out, paid_by, waiting
from linli.ledger.shop.posting import REDEEM
from linli.ledger.shop.reading import centres
from linli.ledger.shop.redeeming import refund
from linli.ledger.shop.spends import undo_spend
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.shop.changing import serve
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here

ORDERS = "/console/shop/orders"
routes = APIRouter(prefix=ORDERS)
HEAD = ("编号", "姓名", "楼栋", "中心", "物品", "件数", "积分", "兑换时间", "缺货")


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Clerk,
    centre: str = "",
    q: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        places = centres(connection, visitor.scope)
        found = waiting(connection, [centre] if centre in places else places)
        people = read_holders(connection, {one.holder for one in found})
    found = [one for one in found if has(q, *_row(one, people[one.holder])[:5], one.holder)]
    if format_:
        rows = (_row(one, people[one.holder]) for one in found)
        return as_file(format_, f"orders-{visitor.scope}", HEAD, rows)
    return console_page(
        request,
        visitor,
        "shop/orders.html",
        page=cut(found, request),
        people=people,
        places=places,
        centre=centre,
        q=q,
    )


@routes.post("/hand-out")
def give(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    id_ = form.text("id")

    def work(connection: Connection, now: dt.datetime) -> Order:
        return hand_out(connection, id_, visitor.worker.name, now)

    with reading(site.engine) as connection:
        account = _require_here(connection, visitor, id_)
    made = serve(site, visitor, form, f"hand out {id_}", account, work)
    back = form.text("back")
    inside = back if back.startswith(("/console/shop/desk?", f"{ORDERS}?")) else ORDERS
    return go(request, inside, f"已发放：{made.title}（{made.handed_by}）。")


@routes.post("/refund")
def take_back(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """It cannot be served: the points go back."""
    id_, reason = form.text("id"), form.text("reason")
    kind, _, rest = id_.partition(".")

    def work(connection: Connection, now: dt.datetime) -> int:
        if kind == REDEEM:
            return refund(connection, rest, form.token, reason, now).points
        terminal, _, seq = rest.rpartition(".")
        return undo_spend(connection, terminal, int(seq), form.token, reason, now)

    with reading(site.engine) as connection:
        account = _require_here(connection, visitor, id_)
    points = serve(site, visitor, form, f"refund {id_}: {reason}"[:120], account, work)
    return go(request, ORDERS, f"已退回 {points} 分。")


def _require_here(connection: Connection, visitor: Visitor, id_: str) -> str:
    """Whose order it is, also one that was given back. Raises Refused for another community's."""
    holder, centre = paid_by(connection, id_) or ("", "")
    if centre not in centres(connection, visitor.scope):
        raise Refused(404, "本社区没有这一笔，请刷新页面。")
    return holder


def _row(one: Order, of: Holder) -> Sequence[object]:
    return (
        one.id,
        of.name_masked,
        of.building_name,
        one.centre,
        one.title,
        one.pieces,
        one.points,
        moment(one.made_at),
        one.missing or "",
    )
