"""Households: listed by building, made, named; people put in and taken out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, Row, select

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.holding import hold
from linli.ledger.people.households import (
    Household,
    count_households,
    list_households,
    make_household,
    read_household,
    rename_household,
)
from linli.ledger.people.moving import move
from linli.ledger.people.personal import plain
from linli.ledger.people.schema import holder
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.people.acting import AT_THE_DESK, acting
from linli.ledger.web.console.people.places import buildings_of
from linli.ledger.web.console.people.reach import holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import PER_PAGE, Format, Listing, as_file, page_number
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site

HOUSEHOLDS = "/console/households"
routes = APIRouter(prefix=HOUSEHOLDS)
HEAD = ("编号", "楼栋", "户", "人数")


@routes.get("")
def every_household(
    request: Request,
    site: Here,
    visitor: Clerk,
    building: str = "",
    q: str = "",
    format_: Format = "",
) -> Response:
    text = q.strip()[:32]
    if format_:
        return _export(site, visitor, building, text, format_)
    with reading(site.engine) as connection:
        total = count_households(connection, visitor.scope, building, text)
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        first = (number - 1) * PER_PAGE
        rows = list_households(connection, visitor.scope, building, text, first, PER_PAGE)
        return console_page(
            request,
            visitor,
            "people/households.html",
            page=Listing(rows, number, total, request),
            buildings=buildings_of(connection, visitor.scope),
            building=building,
            q=text,
        )


def _export(site: Site, visitor: Visitor, building: str, text: str, form: str) -> Response:
    """That it was taken away is written down."""
    with site.engine.begin() as connection:
        rows = list_households(connection, visitor.scope, building, text, 0, None)
        why = f"{len(rows)} households of {visitor.scope}"
        note(connection, visitor.signature, "export the households", None, why, site.clock.now())
    lines = ((one.id, one.building_name, one.name, one.people) for one in rows)
    return as_file(form, f"households-{visitor.scope}", HEAD, lines)


@routes.post("")
def make(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    building, now = form.text("building"), site.clock.now()
    with acting(site, visitor, form, now, HOUSEHOLDS) as connection:
        if building not in dict(buildings_of(connection, visitor.scope)):
            raise Refused(422, "请选择本社区的楼栋。")
        hold(connection, (), [visitor.scope])
        id_, made = make_household(connection, building, form.text("name"), now)
        note(connection, visitor.signature, f"make household {id_}", None, AT_THE_DESK, now)
    return go(request, _at(id_), "已登记这一户。" if made else "这一户先前已经登记，就是这里。")


@routes.get("/one")
def one_household(request: Request, site: Here, visitor: Clerk, id: str) -> Response:
    with reading(site.engine) as connection:
        of = _in_reach(connection, visitor, id)
        people = _people(connection, of)
    return console_page(request, visitor, "people/household.html", of=of, people=people)


@routes.post("/name")
def rename(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    id_, name, now = form.text("id"), form.text("name"), site.clock.now()
    with acting(site, visitor, form, now, _at(id_)) as connection:
        _in_reach(connection, visitor, id_)
        renamed = rename_household(connection, id_, name)
        note(connection, visitor.signature, f"rename household {id_}", None, AT_THE_DESK, now)
    return go(request, _at(id_), "户名已更新。" if renamed else "本来就叫这个名字，没有改动。")


@routes.post("/in")
def put_in(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    id_, account, now = form.text("id"), plain(form.text("account")), site.clock.now()
    with acting(site, visitor, form, now, _at(id_)) as connection:
        of = _in_reach(connection, visitor, id_)
        who = holder_in_reach(connection, visitor, account)
        moved = move(connection, account, of.id, now)
        note(connection, visitor.signature, f"move to {id_}", account, AT_THE_DESK, now)
    said = f"{who.name_masked} 已住进这一户。"
    return go(request, _at(id_), said if moved else f"{who.name_masked} 本来就住在这一户。")


@routes.post("/out")
def take_out(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Out of the household; they still live in the building."""
    id_, account, now = form.text("id"), form.text("account"), site.clock.now()
    with acting(site, visitor, form, now, _at(id_)) as connection:
        of = _in_reach(connection, visitor, id_)
        who = holder_in_reach(connection, visitor, account)
        hold(connection, [account])
        home = select(holder.c.home).where(holder.c.account == account)
        if connection.execute(home).scalar() != of.id:
            raise Refused(409, f"{who.name_masked} 已经不住在这一户，可能别人刚刚办理过。")
        move(connection, account, of.building, now)
        note(connection, visitor.signature, f"move to {of.building}", account, AT_THE_DESK, now)
    return go(request, _at(id_), f"{who.name_masked} 已移出这一户，仍住在{of.building_name}。")


def _in_reach(connection: Connection, visitor: Visitor, id_: str) -> Household:
    """Raises Refused for what is no household of this community."""
    try:
        found = read_household(connection, id_)
    except PeopleError as error:
        raise Refused(404, in_chinese(str(error))) from error
    if visitor.worker.scope not in (None, found.scope):
        raise Refused(403, "这一户属于别的社区，请到那里的积分服务台办理。")
    return found


def _people(connection: Connection, of: Household) -> list[Row[Any]]:
    query = (
        select(holder)
        .where(holder.c.scope == of.scope, holder.c.home == of.id, holder.c.closed_at.is_(None))
        .order_by(holder.c.account)
    )
    return list(connection.execute(query).all())


def _at(id_: str) -> str:
    return f"{HOUSEHOLDS}/one?id={quote(id_)}"
