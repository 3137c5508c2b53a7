"""The PIN at the service desk (兑换密码): typed twice by the person; no clerk sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.people.pins import PinError, keep_pin, new_pin, state_of, unlock_pin
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import acting, reason_of
from linli.ledger.web.console.people.reach import HOLDER, at, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

PIN = f"{HOLDER}/pin"
routes = APIRouter(prefix=PIN)


@contextmanager
def pin_answers() -> Iterator[None]:
    """Raises Refused for a PinError."""
    try:
        yield
    except PinError as error:
        raise Refused(422, in_chinese(str(error))) from error


@routes.get("")
def show(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        state = state_of(connection, account)
    locked = state is not None and state.locked(now)
    return console_page(request, visitor, "people/pin.html", of=of, state=state, locked=locked)


@routes.post("")
def choose(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with reading(site.engine) as connection:
        holder_in_reach(connection, visitor, account)
    if form.text("pin") != form.text("again"):
        raise Refused(422, "两次输入的密码不一样，没有保存。请返回，请本人再输两次。")
    with pin_answers():
        new = new_pin(form.text("pin"))
        with acting(site, visitor, form, now, at(account)) as connection:
            keep_pin(connection, account, new, site.ring, visitor.signature, why, now)
    return go(request, at(account), "兑换密码已设好，各终端马上就能用。")


@routes.post("/unlock")
def unlock(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with reading(site.engine) as connection:
        holder_in_reach(connection, visitor, account)
    with acting(site, visitor, form, now, at(account)) as connection:
        done = unlock_pin(connection, account, visitor.signature, why, now)
    return go(request, at(account), "已解锁，密码不变。" if done else "还没有设过兑换密码。")
