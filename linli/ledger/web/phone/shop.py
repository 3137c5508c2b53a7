"""积分超市: what one's points get, and getting it.

The form that confirms carries its request along, so that pressing twice, or once more after a lost
answer, redeems once and shows the same again.
"""

from __future__ import annotations

import datetime as dt
import secrets
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.schema import account
from linli.ledger.shop.customers import numbers_of
from linli.ledger.shop.handing import waiting
from linli.ledger.shop.held_points import held_of
from linli.ledger.shop.reading import Offered, Shelved, centres, offers, shelves
from linli.ledger.shop.redeeming import redeem
from linli.ledger.shop.vouchers import issue
from linli.ledger.shop.windows import Window, windows
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me, Resident
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.shop_answers import shop_answers
from linli.ledger.web.site import Here

SHOP = "/me/shop"
routes = APIRouter(prefix=SHOP)
GONE = "这一项已经下架或者换了地方，请回到积分超市重新看。"


@routes.get("")
def show(request: Request, site: Here, me: Me) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        numbers = numbers_of(connection, me.account)
        known = windows(connection, me.scope)
        places = centres(connection, me.scope)
        return phone_page(
            request,
            me,
            "shop.html",
            purse=purse_of(connection, me.account),
            window=_open(known, now),
            next_window=next((one for one in known if one.opens > now), None),
            shelves=[one for one in shelves(connection, me.scope) if one.left],
            offers=offers(connection, me.scope, now, numbers),
            waiting=waiting(connection, places, numbers),
        )


@routes.get("/ware")
def one_ware(request: Request, site: Here, me: Me, id: str, centre: str = "") -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        found = _ware(connection, me, id)
        centre = centre if centre in found.left else next(iter(found.left))
        return phone_page(
            request,
            me,
            "ware.html",
            one=found,
            centre=centre,
            purse=purse_of(connection, me.account),
            window=_open(windows(connection, me.scope), now),
        )


@routes.post("/ware")
def take_ware(request: Request, site: Here, me: Me, form: Form) -> Response:
    ware, centre = form.text("id"), form.text("centre")
    with shop_answers(site), site.engine.begin() as connection:
        made = redeem(connection, me.account, form.text("request"), ware, centre, site.clock.now())
    site.committed()
    return go(request, SHOP, f"已兑换“{made.title}”，请带服务卡到邻里中心领取。")


@routes.get("/offer")
def one_offer(request: Request, site: Here, me: Me, id: str) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        found = _offer(connection, me, id, now)
        return phone_page(
            request,
            me,
            "offer.html",
            one=found,
            purse=purse_of(connection, me.account),
            window=_open(windows(connection, me.scope), now),
        )


@routes.post("/offer")
def take_offer(request: Request, site: Here, me: Me, form: Form) -> Response:
    offer, asked = form.text("id"), form.text("request")
    with shop_answers(site), site.engine.begin() as connection:
        made = issue(connection, me.account, asked, offer, secrets.randbits, site.clock.now())
    site.committed()
    return go(
        request, f"/me/vouchers/one?{urlencode({'id': made.id})}", "已兑换，用时出示下面的券。"
    )


def purse_of(connection: Connection, holder: str) -> int:
    """What they can redeem, with what terminals hold of it: where it is needed it is asked back."""
    query = select(account.c.posted).where(account.c.id == redeemable(holder))
    return int(connection.execute(query).scalar_one()) + held_of(connection, holder)


def _open(known: list[Window], now: dt.datetime) -> Window | None:
    return next((one for one in known if one.is_open(now)), None)


def _ware(connection: Connection, me: Resident, id_: str) -> Shelved:
    """Raises Refused."""
    for one in shelves(connection, me.scope):
        if one.ware.id == id_ and one.left:
            return one
    raise Refused(404, GONE)


def _offer(connection: Connection, me: Resident, id_: str, now: dt.datetime) -> Offered:
    """Raises Refused."""
    for one in offers(connection, me.scope, now, numbers_of(connection, me.account)):
        if one.offer.id == id_:
            return one
    raise Refused(404, GONE)
