"""我的手机: which phones open these pages, and letting one go."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.phones.linking import MOST, phones_of
from linli.ledger.phones.revoking import revoke
from linli.ledger.web.cookies import PHONE
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import WELCOME, Me
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/me")


@routes.get("/phones")
def show(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        phones = phones_of(connection, me.account, site.clock.now())
    return phone_page(request, me, "phones.html", phones=phones, most=MOST)


@routes.post("/phones")
def let_go(request: Request, site: Here, me: Me, form: Form) -> Response:
    which = form.text("phone")
    with site.engine.begin() as connection:
        gone = revoke(connection, me.account, which, site.clock.now())
    if which == me.phone.id:
        response = go(request, WELCOME, "这部手机已解除。")
        response.delete_cookie(PHONE)
        return response
    return go(request, "/me/phones", "已解除。" if gone else "那部手机之前就已解除。")
