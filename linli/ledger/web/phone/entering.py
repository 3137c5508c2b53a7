"""Linking this phone and letting it go: without a password, by the code of a tap."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from linli.ledger.people.schema import org
from linli.ledger.phones.devices import device_words
from linli.ledger.phones.linking import TOKEN_BYTES, link, phone_of
from linli.ledger.phones.refusals import PhoneError, PhoneRefusal
from linli.ledger.phones.revoking import revoke
from linli.ledger.phones.tickets import Claim, read_claim
from linli.ledger.staff.attempts import (
    ADDRESS,
    TooManyAttemptsError,
    failed,
    require_patience,
    succeeded,
)
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.cookies import PHONE, set_cookie
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import WELCOME, Me, resident_of
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import PHONE_REFUSAL
from linli.sync.phone_links import PATH

routes = APIRouter()
HOME = "/me"
KEPT_S = 400 * 24 * 3600
"""As long as browsers keep a cookie at most; the ledger forgets unused phones earlier."""


@routes.get(WELCOME)
def welcome(request: Request, site: Here) -> Response:
    return phone_page(request, resident_of(request, site), "welcome.html")


@routes.get(PATH)
def show_link(request: Request, site: Here, t: str = "") -> Response:
    if not t.strip():
        return go(request, WELCOME)
    claim = _checked(request, site, t)
    if claim.used:
        return _used(request, site, claim)
    with site.engine.connect() as connection:
        query = select(org.c.name).where(org.c.id == claim.scope)
        community = connection.execute(query).scalar_one()
    return phone_page(
        request,
        resident_of(request, site),
        "link.html",
        said=t,
        key=secrets.token_urlsafe(TOKEN_BYTES),
        name=claim.name,
        community=community,
    )


@routes.post(PATH)
def link_this(request: Request, site: Here, form: Form) -> Response:
    said, key, now = form.text("t"), form.text("key"), site.clock.now()
    if len(key) < TOKEN_BYTES:
        raise Refused(422, PHONE_REFUSAL[PhoneRefusal.NO_TICKET])
    device = device_words(request.headers.get("user-agent", ""))
    _require_patience(request, site)
    try:
        with site.engine.begin() as connection:
            made = link(connection, said, key, device, now)
            before = phone_of(connection, request.cookies.get(PHONE, ""), now)
            if before is not None and before.id != made.id:
                revoke(connection, before.account, before.id, now)  # its token is overwritten
            succeeded(connection, _address(request))
    except PhoneError as error:
        _count(request, site, error)
        raise Refused(409, PHONE_REFUSAL[error.refusal]) from error
    response = go(request, HOME, "这部手机已关联，以后直接打开就行。")
    set_cookie(response, PHONE, key, secure=site.secure, max_age=KEPT_S)
    return response


@routes.post("/me/logout")
def let_go(request: Request, site: Here, me: Me, _form: Form) -> Response:
    with site.engine.begin() as connection:
        revoke(connection, me.account, me.phone.id, site.clock.now())
    response = go(request, WELCOME, "这部手机已解除。")
    response.delete_cookie(PHONE)
    return response


def _used(request: Request, site: Site, claim: Claim) -> Response:
    """Whoever scans the same code again on the phone that it linked is led in."""
    me = resident_of(request, site)
    if me is not None and me.phone.id == claim.digest:
        return go(request, HOME)
    raise Refused(409, PHONE_REFUSAL[PhoneRefusal.USED])


def _checked(request: Request, site: Site, said: str) -> Claim:
    """Whose account the ticket opens, nothing being changed. Raises Refused."""
    _require_patience(request, site)
    try:
        with site.engine.connect() as connection:
            return read_claim(connection, said, site.clock.now())
    except PhoneError as error:
        _count(request, site, error)
        raise Refused(409, PHONE_REFUSAL[error.refusal]) from error


def _require_patience(request: Request, site: Site) -> None:
    try:
        with site.engine.connect() as connection:
            require_patience(connection, [_address(request)], site.clock.now())
    except TooManyAttemptsError as error:
        raise Refused(429, in_chinese(str(error))) from error


def _count(request: Request, site: Site, error: PhoneError) -> None:
    """Only what looks like guessing: an old ticket was a true one."""
    if error.refusal is PhoneRefusal.NO_TICKET:
        with site.engine.begin() as connection:
            failed(connection, [_address(request)], site.clock.now())


def _address(request: Request) -> str:
    return f"{ADDRESS}phone:{request.client.host if request.client else 'unknown'}"
