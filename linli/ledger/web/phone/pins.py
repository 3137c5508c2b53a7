"""兑换密码: choosing one's PIN on the linked phone; who has one gives it first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.pins import PinError, choose_pin, state_of
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/me")
BY = Staff("the holder", "phone")


@routes.get("/pin")
def show(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        state = state_of(connection, me.account)
    locked = state is not None and state.locked(site.clock.now())
    return phone_page(request, me, "pin.html", state=state, locked=locked)


@routes.post("/pin")
def choose(request: Request, site: Here, me: Me, form: Form) -> Response:
    old, pin = form.text("old") or None, form.text("pin")
    if pin != form.text("again"):
        raise Refused(422, "两次输入的新密码不一样，没有保存。请返回再输一次。")
    now, why = site.clock.now(), f"on {me.phone.device}"
    try:
        choose_pin(site.engine, me.account, old, pin, site.ring, BY, why, now)
    except (PinError, PeopleError) as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, "/me/pin", "兑换密码已设好。")
