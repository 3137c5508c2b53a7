"""Phones at the service desk (关联手机): a code for whoever stands there, and letting go of lost
ones."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.phones.linking import phones_of
from linli.ledger.phones.refusals import PhoneError
from linli.ledger.phones.revoking import revoke_at_desk
from linli.ledger.phones.tickets import issue_at_desk
from linli.ledger.shop.codes import shown
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import acting, reason_of
from linli.ledger.web.console.people.reach import HOLDER, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import PHONE_REFUSAL
from linli.sync.phone_links import link_address

PHONES = f"{HOLDER}/phones"
routes = APIRouter(prefix=PHONES)
HEAD = ("手机", "关联", "最近使用")


@routes.get("")
def show(
    request: Request, site: Here, visitor: Clerk, account: str, format_: Format = ""
) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        phones = phones_of(connection, account, site.clock.now())
    if format_:
        lines = ((one.device, moment(one.linked_at), moment(one.last_seen_at)) for one in phones)
        return as_file(format_, f"phones-{account}", HEAD, lines)
    page = cut(phones, request)
    return console_page(request, visitor, "people/phones.html", of=of, page=page)


@routes.post("/code")
def issue(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """The code is shown once, on the page that answers."""
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
    try:
        with acting(site, visitor, form, now, _at(account)) as connection:
            signature = visitor.signature
            code = issue_at_desk(connection, account, signature, why, now, secrets.randbits)
    except PhoneError as error:
        raise Refused(409, PHONE_REFUSAL[error.refusal]) from error
    address = link_address(_public_url(request, site), code)
    return console_page(
        request, visitor, "people/phone_code.html", of=of, code=shown(code), address=address
    )


@routes.post("/revoke")
def let_go(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with reading(site.engine) as connection:
        holder_in_reach(connection, visitor, account)
    with acting(site, visitor, form, now, _at(account)) as connection:
        count = revoke_at_desk(connection, account, visitor.signature, why, now)
    return go(request, _at(account), f"已解除 {count} 部手机。")


def _at(account: str) -> str:
    return f"{PHONES}?account={account}"


def _public_url(request: Request, site: Site) -> str:
    """Where phones find these pages; without a word on it, where the clerk found them."""
    return site.public_url or str(request.base_url)
