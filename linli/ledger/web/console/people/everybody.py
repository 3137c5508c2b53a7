"""The list of people and units, and the search for somebody by telephone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.directory import ERASED, LEFT, MERGED
from linli.ledger.people.finding import (
    ANY,
    OPEN,
    Listed,
    Wanted,
    count_found,
    find_holders,
    list_holders,
)
from linli.ledger.people.persons import find_by_phone
from linli.ledger.people.schema import holder
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.people.acting import looking, reason_of
from linli.ledger.web.console.people.places import buildings_of
from linli.ledger.web.console.people.reach import PEOPLE, Onlooker, at
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import PER_PAGE, Listing, as_file, page_number
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.ledger.web.words import CLOSED, KIND
from linli.sync.messages import Kind

routes = APIRouter(prefix=PEOPLE)
HEAD = ("账户", "姓名", "类别", "楼栋", "在用卡", "公示中", "可兑换", "状态")
STATES = (OPEN, LEFT, MERGED, ERASED, ANY)


@routes.get("")
def everybody(request: Request, site: Here, visitor: Onlooker) -> Response:
    wanted = _wanted(request, visitor)
    if form := request.query_params.get("format", ""):
        return _export(site, visitor, wanted, form)
    with reading(site.engine) as connection:
        total = count_found(connection, wanted)
        last = max(1, -(-total // PER_PAGE))
        number = min(page_number(request), last)
        rows = list(find_holders(connection, wanted, (number - 1) * PER_PAGE, PER_PAGE))
        return console_page(
            request,
            visitor,
            "people/everybody.html",
            page=Listing(rows, number, total, request),
            wanted=wanted,
            buildings=buildings_of(connection, visitor.scope),
            states=STATES,
        )


def _wanted(request: Request, visitor: Visitor) -> Wanted:
    given = request.query_params
    kind, state = given.get("kind", ""), given.get("state", OPEN)
    return Wanted(
        visitor.scope,
        given.get("q", "").strip()[:64],
        kind if kind in list(Kind) else "",
        given.get("building", ""),
        state if state in STATES else OPEN,
    )


def _export(site: Here, visitor: Visitor, wanted: Wanted, form: str) -> Response:
    """Masked, as on the screen; that it was taken away is written down."""
    with site.engine.begin() as connection:
        rows = list(find_holders(connection, wanted))
        why = f"{len(rows)} rows of {wanted.scope}, {wanted.state}"
        note(connection, visitor.signature, "export the list", None, why, site.clock.now())
    return as_file(form, f"people-{visitor.scope}", HEAD, _rows(rows))


def _rows(rows: Sequence[Listed]) -> Iterator[Sequence[object]]:
    for one in rows:
        yield (
            one.account,
            one.name_masked,
            KIND[one.kind],
            one.building_name,
            one.cards,
            one.earned,
            one.redeemable,
            CLOSED[one.closed_as],
        )


@routes.get("/by-phone")
def ask_for_phone(request: Request, visitor: Clerk) -> Response:
    return console_page(request, visitor, "people/by_phone.html", rows=None, elsewhere=0)


@routes.post("/by-phone")
def by_phone(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Somebody of this community is shown; that there is one elsewhere is only said."""
    why, phone, now = reason_of(form), form.text("phone"), site.clock.now()
    with looking(site) as connection:
        accounts = find_by_phone(connection, phone, site.ring, visitor.signature, why, now)
        here = select(holder.c.account).where(
            holder.c.account.in_(accounts), holder.c.scope == visitor.scope
        )
        rows = list_holders(connection, connection.execute(here).scalars().all())
    if len(accounts) == len(rows) == 1:
        return go(request, at(rows[0].account), "按手机号找到了这个账户。")
    elsewhere = len(accounts) - len(rows)
    return console_page(request, visitor, "people/by_phone.html", rows=rows, elsewhere=elsewhere)
