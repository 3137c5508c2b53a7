"""Card keys (卡片密钥): how far a community's cards are with the newest; for a maintainer."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.issuing.rotating import (
    begin_rotation,
    begun_orders,
    by_hand,
    generations,
    retire,
)
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Maintainer
from linli.ledger.web.console.people.acting import acting
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

CARD_KEYS = "/console/card-keys"
routes = APIRouter(prefix=CARD_KEYS)


@routes.get("")
def show(request: Request, site: Here, visitor: Maintainer) -> Response:
    with reading(site.engine) as connection:
        found = generations(connection, visitor.scope)
        typed, begun = by_hand(connection, visitor.scope), begun_orders(connection, visitor.scope)
    living = [one for one in found if one.retired_at is None]
    return console_page(
        request,
        visitor,
        "card_keys.html",
        found=found,
        old=[one for one in living if not one.current],
        current=next((one for one in living if one.current), None),
        active=sum(one.active for one in living),
        typed=typed,
        begun=begun,
    )


@routes.post("/begin")
def begin(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    now, back = site.clock.now(), f"{CARD_KEYS}?scope={visitor.scope}"
    with acting(site, visitor, form, now, back) as connection:
        number = begin_rotation(
            connection, site.ring, visitor.scope, visitor.signature, secrets.token_bytes, now
        )
    return go(request, back, f"第 {number} 代密钥已生成，各卡下次刷卡时更换。")


@routes.post("/retire")
def end(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    now, back = site.clock.now(), f"{CARD_KEYS}?scope={visitor.scope}"
    typed = form.text("number")
    if not typed.isdecimal() or len(typed) > 3:
        raise Refused(422, "请从页面上选择要停用的那一代密钥。")
    with acting(site, visitor, form, now, back) as connection:
        left = retire(connection, visitor.scope, int(typed), visitor.signature, now)
    said = f"第 {typed} 代密钥已销毁。"
    return go(request, back, said + (f"{left} 张卡没有换完，当普通卡用，请换卡。" if left else ""))
