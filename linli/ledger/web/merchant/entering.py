"""A merchant's phone is let in by a code that staff gave, and lets itself out."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.phones.devices import device_words
from linli.ledger.shop.merchant_access import IDLE, end_device, enter
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.staff.attempts import (
    ADDRESS,
    TooManyAttemptsError,
    failed,
    require_patience,
    succeeded,
)
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.cookies import MERCHANT, set_cookie
from linli.ledger.web.forms import Form
from linli.ledger.web.merchant.drawing import till_page
from linli.ledger.web.merchant.guard import HOME, LOGIN, AtTill, till_of
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site

routes = APIRouter(prefix="/merchant")


@routes.get("/login")
def show_login(request: Request, site: Here, code: str = "") -> Response:
    """Whoever scans the code's QR finds it typed already."""
    if till_of(request, site) is not None and not code:
        return go(request, _inside(request))
    return till_page(request, None, "login.html", typed=code[:40], error="", to=_inside(request))


@routes.post("/login")
def let_in(request: Request, site: Here, form: Form) -> Response:
    typed, address, now = form.text("code"), _address(request), site.clock.now()
    phone = device_words(request.headers.get("user-agent", ""))
    try:
        with site.engine.begin() as connection:
            require_patience(connection, [address], now)
            device, token = enter(connection, typed, phone, secrets.randbits, now)
            succeeded(connection, address)
    except (ShopError, TooManyAttemptsError) as error:
        _count(site, address, error)
        return till_page(
            request,
            None,
            "login.html",
            401,
            typed=typed[:40],
            error=in_chinese(str(error)),
            to=_inside(request),
        )
    response = go(request, _inside(request), f"{device.name}已登录，以后直接打开就行。")
    age = int(IDLE.total_seconds())
    set_cookie(response, MERCHANT, token, secure=site.secure, max_age=age)
    return response


@routes.post("/logout")
def let_out(request: Request, site: Here, till: AtTill, _form: Form) -> Response:
    with site.engine.begin() as connection:
        device, now = till.device, site.clock.now()
        end_device(connection, device.merchant, device.id, till.merchant.name, now)
    response = go(request, LOGIN, "这部手机已退出。")
    response.delete_cookie(MERCHANT)
    return response


def _count(site: Site, address: str, error: Exception) -> None:
    """Only what looks like guessing: a slip of the finger is seen by the code itself."""
    if isinstance(error, ShopError) and error.refusal is not Refusal.MISTYPED:
        with site.engine.begin() as connection:
            failed(connection, [address], site.clock.now())


def _address(request: Request) -> str:
    return f"{ADDRESS}merchant:{request.client.host if request.client else 'unknown'}"


def _inside(request: Request) -> str:
    """Where to go after the login: a merchant's page and nothing else."""
    wanted = request.query_params.get("next", HOME)
    inside = wanted.partition("?")[0] == HOME or wanted.startswith(f"{HOME}/")
    safe = "//" not in wanted and "\\" not in wanted
    return wanted if inside and safe and not wanted.startswith(LOGIN) else HOME
