"""我的券: what a merchant scans, and what became of it."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.shop.customers import numbers_of
from linli.ledger.shop.reading import Held, vouchers
from linli.ledger.shop.schema import redemption
from linli.ledger.shop.using import rate
from linli.ledger.shop.vouchers import ISSUED, refund_voucher
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me, Resident
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.shop_answers import shop_answers
from linli.ledger.web.site import Here, Site

VOUCHERS = "/me/vouchers"
routes = APIRouter(prefix=VOUCHERS)
PAST_SHOWN = 30
BY_THEMSELVES = "居民自己退回"


@routes.get("")
def show(request: Request, site: Here, me: Me) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        found = vouchers(connection, redemption.c.holder.in_(numbers_of(connection, me.account)))
    good = [one for one in found if one.state == ISSUED and one.expires_at > now]
    past = [one for one in found if one not in good]
    return phone_page(request, me, "vouchers.html", good=good, past=past[:PAST_SHOWN])


@routes.get("/one")
def one_voucher(request: Request, site: Here, me: Me, id: str) -> Response:
    with reading(site.engine) as connection:
        found = _mine(connection, me, id)
    address = checking_address(request, site, found.code)
    return phone_page(request, me, "voucher.html", one=found, address=address)


@routes.post("/rate")
def say_how_it_was(request: Request, site: Here, me: Me, form: Form) -> Response:
    id_, stars = form.text("id"), form.whole("stars")
    with shop_answers(), site.engine.begin() as connection:
        rate(connection, me.account, id_, stars)
    return go(request, f"{VOUCHERS}/one?{urlencode({'id': id_})}", "谢谢您的评价。")


@routes.post("/back")
def give_back(request: Request, site: Here, me: Me, form: Form) -> Response:
    """A voucher that is not used is taken back by who has it."""
    id_, asked = form.text("id"), form.text("request")
    with shop_answers(), site.engine.begin() as connection:
        _mine(connection, me, id_)
        given = refund_voucher(connection, id_, asked, BY_THEMSELVES, site.clock.now())
    site.committed()
    return go(request, VOUCHERS, f"已退回，{given.points} 分还给您了。")


def checking_address(request: Request, site: Site, code: str) -> str:
    """Where a merchant's phone that scans the voucher is led."""
    base = site.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"{base}/merchant/check?code={code}"


def _mine(connection: Connection, me: Resident, id_: str) -> Held:
    """Raises Refused for a voucher that is somebody else's, or none."""
    theirs = redemption.c.holder.in_(numbers_of(connection, me.account))
    found = vouchers(connection, theirs & (redemption.c.id == id_))
    if not found:
        raise Refused(404, "没有这张券，请从“我的券”里打开。")
    return found[0]
