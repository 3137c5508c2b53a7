"""货架: goods and services of a community, what they cost, and how many are where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.declarations.photos import MOST_BYTES, prepared
from linli.ledger.declarations.refusals import DeclarationError
from linli.ledger.shop.pictures import LONGEST_SIDE, digests, put_picture
from linli.ledger.shop.reading import Shelved, centres, shelves
from linli.ledger.shop.wares import (
    GOOD,
    SERVICE,
    Ware,
    add_ware,
    count_stock,
    read_ware,
    set_price,
    stock_up,
    withdraw_ware,
)
from linli.ledger.staff.roles import Right
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Reader, Visitor
from linli.ledger.web.console.shop.changing import change, new_id
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import WARE

SHELVES = "/console/shop/shelves"
routes = APIRouter(prefix=SHELVES)
HEAD = ("名称", "类别", "积分", "中心", "库存", "全年", "状态")


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    withdrawn: bool = False,
    q: str = "",
    kind: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        every = shelves(connection, visitor.scope, withdrawn=withdrawn)
        places = centres(connection, visitor.scope)
        pictures = digests(connection, [one.ware.id for one in every])
    found = [s for s in every if has(q, s.ware.title, s.ware.id) and kind in ("", s.ware.kind)]
    if format_:
        rows = (row for one in found for row in _rows(one))
        return as_file(format_, f"shelves-{visitor.scope}", HEAD, rows)
    return console_page(
        request,
        visitor,
        "shop/shelves.html",
        page=cut(found, request),
        places=places,
        withdrawn=withdrawn,
        q=q,
        kind=kind,
        pictures=pictures,
        may_change=visitor.may(Right.DESK),
    )


@routes.post("/add")
def add(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    kind = form.text("kind")
    title, points, centre = form.text("title"), form.whole("points"), form.text("centre")
    pieces = form.whole("pieces") if kind == GOOD else 0
    all_year = kind == SERVICE and form.text("all_year") == "yes"
    new = Ware(new_id("ware"), visitor.scope, kind, title, points, all_year)

    def work(connection: Connection, now: dt.datetime) -> None:
        add_ware(connection, new)
        stock_up(connection, new.id, centre, pieces, now)

    change(site, visitor, form, f"add ware {new.id}: {title}, {points}"[:120], work)
    return go(request, SHELVES, f"“{title}”已上架。")


@routes.post("/take-in")
def take_in(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """New pieces come; a negative number takes away what broke."""
    ware, centre, pieces = (
        _mine(site, visitor, form.text("ware")),
        form.text("centre"),
        _pieces(form),
    )

    def work(connection: Connection, now: dt.datetime) -> int:
        return stock_up(connection, ware.id, centre, pieces, now)

    left = change(site, visitor, form, f"take in {ware.id} at {centre}: {pieces:+d}", work)
    said = "已经登记过了。" if left is None else f"{ware.title}：现有 {left} 件。"
    return go(request, SHELVES, said)


@routes.post("/count")
def count(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    ware, centre = _mine(site, visitor, form.text("ware")), form.text("centre")
    counted = form.whole("pieces")

    def work(connection: Connection, now: dt.datetime) -> int:
        return count_stock(connection, ware.id, centre, counted, now)

    off = change(site, visitor, form, f"count {ware.id} at {centre}: {counted}", work)
    if off is None:
        return go(request, SHELVES, "已经登记过了。")
    told = "账实相符" if off == 0 else f"比账上{'多' if off > 0 else '少'} {abs(off)} 件"
    return go(request, SHELVES, f"{ware.title}盘点 {counted} 件，{told}。")


@routes.post("/price")
def price(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    ware, points = _mine(site, visitor, form.text("ware")), form.whole("points")

    def work(connection: Connection, now: dt.datetime) -> int:
        return set_price(connection, ware.id, points, now)

    change(site, visitor, form, f"price of {ware.id}: {ware.points} → {points}", work)
    return go(request, SHELVES, f"{ware.title}从现在起 {points} 分。")


@routes.post("/picture")
def picture(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    ware, sent = _mine(site, visitor, form.text("ware")), form.files("photo")
    if not sent:
        raise Refused(422, "请选一张图片。")
    try:
        made = prepared(sent[0].file.read(MOST_BYTES + 1), LONGEST_SIDE)
    except DeclarationError as error:
        raise Refused(422, in_chinese(str(error))) from error

    def work(connection: Connection, now: dt.datetime) -> None:
        put_picture(connection, ware.id, made.jpeg, now)

    change(site, visitor, form, f"picture of {ware.id}: {made.id[:12]}", work)
    return go(request, SHELVES, f"“{ware.title}”有了新图片，终端上马上能看到。")


@routes.post("/withdraw")
def withdraw(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    ware = _mine(site, visitor, form.text("ware"))

    def work(connection: Connection, now: dt.datetime) -> None:
        withdraw_ware(connection, ware.id, now)

    change(site, visitor, form, f"withdraw ware {ware.id}", work)
    return go(request, SHELVES, f"“{ware.title}”已下架，已兑换的不受影响。")


def _mine(site: Site, visitor: Visitor, id_: str) -> Ware:
    """Raises Refused for what is on another community's shelf."""
    with reading(site.engine) as connection:
        found = read_ware(connection, id_)
    if found is None or found.scope != visitor.scope:
        raise Refused(404, "本社区的货架上没有这一项，请刷新页面。")
    return found


def _pieces(form: Form) -> int:
    pieces = form.whole("pieces")
    if not pieces:
        raise Refused(422, "请填进货的件数；损坏、丢失的填负数。")
    return pieces


def _rows(one: Shelved) -> Iterator[Sequence[object]]:
    of = one.ware
    state = "已下架" if of.withdrawn else "在架"
    for centre, left in (one.left or {"": None}).items():
        shown = "" if left is None else left
        yield (
            of.title,
            WARE[of.kind],
            of.points,
            centre,
            shown,
            "全年" if of.all_year else "",
            state,
        )
