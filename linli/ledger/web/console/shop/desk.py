"""兑换柜台: somebody is served at the counter: goods and vouchers for points, and refunds."""

from __future__ import annotations

import datetime as dt
import secrets
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.shop.handing import hand_out, paid_for
from linli.ledger.shop.posting import REDEEM
from linli.ledger.shop.reading import Held, centres, offers, shelves, vouchers
from linli.ledger.shop.redeeming import Redemption, redeem, refund
from linli.ledger.shop.schema import redemption
from linli.ledger.shop.vouchers import Voucher, issue, refund_voucher
from linli.ledger.shop.windows import windows
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.shop.changing import serve
from linli.ledger.web.console.shop.finding import find_person, require_person
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.shop import purse_of
from linli.ledger.web.phone.vouchers import checking_address
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

DESK = "/console/shop/desk"
routes = APIRouter(prefix=DESK)
SHOWN = 20


@routes.get("")
def show(request: Request, site: Here, visitor: Clerk, who: str = "", centre: str = "") -> Response:
    now, typed = site.clock.now(), who.strip()
    with reading(site.engine) as connection:
        places = centres(connection, visitor.scope)
        here = centre if centre in places else next(iter(places), "")
        person = find_person(connection, visitor, typed) if typed else None
        numbers = [] if person is None else person.numbers
        theirs = redemption.c.holder.in_(numbers)
        return console_page(
            request,
            visitor,
            "shop/desk.html",
            typed=typed,
            person=person,
            purse=0 if person is None else purse_of(connection, person.of.account),
            places=places,
            here=here,
            shelves=[s for s in shelves(connection, visitor.scope) if here in s.left],
            offers=offers(connection, visitor.scope, now, numbers),
            window=next((w for w in windows(connection, visitor.scope) if w.is_open(now)), None),
            orders=paid_for(connection, numbers, SHOWN) if numbers else [],
            vouchers=vouchers(connection, theirs)[:SHOWN] if numbers else [],
        )


@routes.post("/goods")
def give_goods(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Over the counter at once, or kept for them."""
    who, ware, centre = form.text("who"), form.text("ware"), form.text("centre")
    pieces, at_once = form.whole("pieces"), form.text("at_once") == "yes"

    def work(connection: Connection, now: dt.datetime) -> Redemption:
        account = require_person(connection, visitor, who).of.account
        made = redeem(connection, account, form.token, ware, centre, now, pieces)
        if at_once:
            hand_out(connection, f"{REDEEM}.{made.id}", visitor.worker.name, now)
        return made

    made = serve(site, visitor, form, f"redeem {ware} × {pieces} at {centre}", who, work)
    said = "已兑换并发放" if at_once else "已兑换，放在“待发放”里"
    return _back(request, who, centre, f"{said}：{made.title}，{made.points} 分。")


@routes.post("/voucher")
def give_voucher(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    who, offer = form.text("who"), form.text("offer")

    def work(connection: Connection, now: dt.datetime) -> Voucher:
        account = require_person(connection, visitor, who).of.account
        return issue(connection, account, form.token, offer, secrets.randbits, now)

    made = serve(site, visitor, form, f"voucher of {offer}", who, work)
    return go(request, f"{DESK}/voucher?{urlencode({'id': made.id})}", "券已兑换。")


@routes.get("/voucher")
def slip(request: Request, site: Here, visitor: Clerk, id: str) -> Response:
    """What is printed for somebody without a phone."""
    with reading(site.engine) as connection:
        found = _voucher(connection, visitor, id)
    address = checking_address(request, site, found.code)
    return console_page(request, visitor, "shop/slip.html", one=found, address=address)


@routes.post("/refund")
def take_back(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Goods or a service, whose points go back."""
    who, id_, reason = form.text("who"), form.text("id"), form.text("reason")

    def work(connection: Connection, now: dt.datetime) -> Redemption:
        _require_theirs(id_, require_person(connection, visitor, who).numbers)
        return refund(connection, id_, form.token, reason, now)

    made = serve(site, visitor, form, f"refund {id_}: {reason}"[:120], who, work)
    return _back(request, who, form.text("centre"), f"已退回 {made.points} 分：{made.title}。")


@routes.post("/refund-voucher")
def take_voucher_back(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    who, id_, reason = form.text("who"), form.text("id"), form.text("reason")

    def work(connection: Connection, now: dt.datetime) -> Voucher:
        _require_theirs(id_, require_person(connection, visitor, who).numbers)
        return refund_voucher(connection, id_, form.token, reason, now)

    made = serve(site, visitor, form, f"refund voucher {id_}: {reason}"[:120], who, work)
    return _back(request, who, form.text("centre"), f"已退回 {made.points} 分：{made.title}。")


def _back(request: Request, who: str, centre: str, said: str) -> Response:
    return go(request, f"{DESK}?{urlencode({'who': who, 'centre': centre})}", said)


def _voucher(connection: Connection, visitor: Visitor, id_: str) -> Held:
    """Raises Refused for one of another community's merchants."""
    found = vouchers(connection, redemption.c.id == id_)
    if not found or found[0].merchant.scope != visitor.scope:
        raise Refused(404, "本社区没有这张券。")
    return found[0]


def _require_theirs(id_: str, numbers: list[str]) -> None:
    """Raises Refused."""
    if id_.rpartition(".")[0] not in numbers:
        raise Refused(409, "这不是这位居民兑换的，请重新查找。")
