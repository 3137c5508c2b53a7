"""商户和优惠: who takes part, what they offer, on which phones they are logged in."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.shop.merchant_access import LoginCode, devices, end_device, give_code
from linli.ledger.shop.merchants import (
    PERIODS,
    Merchant,
    Offer,
    add_merchant,
    add_offer,
    read_merchant,
    read_offer,
    withdraw_offer,
)
from linli.ledger.shop.reading import Offered, merchants, offers
from linli.ledger.shop.settlement import footfall, rating, settle
from linli.ledger.shop.settling import settlements
from linli.ledger.staff.roles import Right
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Reader, Visitor
from linli.ledger.web.console.shop.changing import change, new_id
from linli.ledger.web.console.shop.money import fen
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import PERIOD
from linli.sync.periods import period_of

MERCHANTS = "/console/shop/merchants"
routes = APIRouter(prefix=MERCHANTS)
HEAD = ("商户", "编号", "优惠", "积分", "周期", "每人", "一共", "本期已兑", "社区(元)", "商户(元)")


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    q: str = "",
    format_: Format = "",
) -> Response:
    """`q` is part of a name or number. The file has a line for each offer."""
    with reading(site.engine) as connection:
        every = merchants(connection, visitor.scope)
        offered = offers(connection, visitor.scope, site.clock.now())
    found = [of for of in every if q.strip() in f"{of.name} {of.number}"]
    if format_:
        rows = (row for of in found for row in _rows(of, offered))
        return as_file(format_, f"merchants-{visitor.scope}", HEAD, rows)
    return console_page(
        request,
        visitor,
        "shop/merchants.html",
        page=cut(found, request),
        offered=offered,
        q=q,
        may_change=visitor.may(Right.DESK),
    )


@routes.post("/add")
def add(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    new = Merchant(new_id("shop"), visitor.scope, form.text("name"), form.text("number"))

    def work(connection: Connection, _now: dt.datetime) -> None:
        add_merchant(connection, new)

    done = f"add merchant {new.id}: {new.name}"[:120]
    change(site, visitor, form, done, work)
    return go(request, MERCHANTS, f"“{new.name}”已加入商居联盟。")


@routes.get("/{merchant_id}")
def one(request: Request, site: Here, visitor: Reader, merchant_id: str) -> Response:
    now = site.clock.now()
    of = _mine(site, visitor, merchant_id)
    month = period_of(now, "month")
    with reading(site.engine) as connection:
        every = offers(connection, visitor.scope, now, withdrawn=True)
        return console_page(
            request,
            visitor,
            "shop/merchant.html",
            of=of,
            offers=[one for one in every if one.merchant.id == of.id],
            devices=devices(connection, of.id),
            settled=settlements(connection, of.id),
            so_far=settle(connection, of.id, month),
            days=footfall(connection, of.id, month),
            stars=rating(connection, of.id, month),
            periods=PERIODS,
            may_change=visitor.may(Right.DESK),
        )


@routes.post("/{merchant_id}/code")
def let_in(request: Request, site: Here, visitor: Clerk, merchant_id: str, form: Form) -> Response:
    """The code is shown once, on the page that answers."""
    of = _mine(site, visitor, merchant_id)

    def work(connection: Connection, now: dt.datetime) -> LoginCode:
        return give_code(connection, of.id, visitor.worker.name, secrets.randbits, now)

    made = change(site, visitor, form, f"login code for {of.id}", work)
    if made is None:
        raise Refused(409, "这个登录码已经显示过一次。没有记下的话，请返回再给一个新的。")
    base = site.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    address = f"{base}/merchant/login?code={made.code}"
    return console_page(request, visitor, "shop/code.html", of=of, made=made, address=address)


@routes.post("/{merchant_id}/devices/end")
def let_out(request: Request, site: Here, visitor: Clerk, merchant_id: str, form: Form) -> Response:
    of, device = _mine(site, visitor, merchant_id), form.text("device")

    def work(connection: Connection, now: dt.datetime) -> bool:
        return end_device(connection, of.id, device, visitor.worker.name, now)

    change(site, visitor, form, f"end phone {device} of {of.id}", work)
    return go(request, f"{MERCHANTS}/{of.id}", "那部手机已停用，马上退出登录。")


@routes.post("/{merchant_id}/offers/add")
def put_up(request: Request, site: Here, visitor: Clerk, merchant_id: str, form: Form) -> Response:
    of = _mine(site, visitor, merchant_id)
    new = _offer(of, form)

    def work(connection: Connection, now: dt.datetime) -> None:
        add_offer(connection, new, now)

    change(site, visitor, form, f"add offer {new.id}: {new.title}"[:120], work)
    return go(request, f"{MERCHANTS}/{of.id}", f"“{new.title}”已上架。")


@routes.post("/{merchant_id}/offers/withdraw")
def withdraw(
    request: Request, site: Here, visitor: Clerk, merchant_id: str, form: Form
) -> Response:
    of, id_ = _mine(site, visitor, merchant_id), form.text("offer")
    with reading(site.engine) as connection:
        known = read_offer(connection, id_)
    if known is None or known.merchant != of.id:
        raise Refused(404, "这家商户没有这项优惠，请刷新页面。")

    def work(connection: Connection, now: dt.datetime) -> None:
        withdraw_offer(connection, id_, now)

    change(site, visitor, form, f"withdraw offer {id_}", work)
    return go(request, f"{MERCHANTS}/{of.id}", f"“{known.title}”已下架，发出的券照常可用。")


def _rows(of: Merchant, offered: Sequence[Offered]) -> Iterator[Sequence[object]]:
    theirs = [one for one in offered if one.merchant.id == of.id]
    if not theirs:
        yield (of.name, of.number)
    for one in theirs:
        terms = one.offer
        yield (
            of.name,
            of.number,
            terms.title,
            terms.points,
            PERIOD[terms.period],
            terms.per_person,
            terms.in_all,
            one.taken,
            terms.community_fen / 100,
            terms.merchant_fen / 100,
        )


def _offer(of: Merchant, form: Posted) -> Offer:
    """Raises Refused for an amount that is none."""
    return Offer(
        id=new_id("offer"),
        merchant=of.id,
        title=form.text("title"),
        points=form.whole("points"),
        period=form.text("period"),
        per_person=form.whole("per_person") if form.text("per_person") else None,
        in_all=form.whole("in_all") if form.text("in_all") else None,
        community_fen=fen(form.text("community")),
        merchant_fen=fen(form.text("own")),
        valid_days=form.whole("valid_days"),
        all_year=form.text("all_year") == "yes",
    )


def _mine(site: Site, visitor: Visitor, merchant_id: str) -> Merchant:
    """Raises Refused for another community's."""
    with reading(site.engine) as connection:
        found = read_merchant(connection, merchant_id)
    if found is None or found.scope != visitor.scope:
        raise Refused(404, "本社区没有这家商户。")
    return found
