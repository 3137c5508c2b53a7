"""Somebody is enrolled at the desk, with a warning where they may be enrolled already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.finding import Listed, list_holders
from linli.ledger.people.newcomers import Newcomer, alike, welcome
from linli.ledger.people.personal import Personal
from linli.ledger.people.persons import find_by_phone
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.people.acting import AT_THE_DESK, acting, looking
from linli.ledger.web.console.people.places import buildings_of
from linli.ledger.web.console.people.reach import PEOPLE
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.sync.messages import Kind

routes = APIRouter(prefix=PEOPLE)
FIELDS = ("name", "kind", "place", "door", "phone", "birthday", "id_tail", "consent", "child")
CHECKING = "check for doubles before enrolling"


@routes.get("/new")
def show_form(request: Request, site: Here, visitor: Clerk) -> Response:
    place = request.query_params.get("place", "")
    door = request.query_params.get("door", "")
    values = {**dict.fromkeys(FIELDS, ""), "kind": Kind.RESIDENT, "place": place, "door": door}
    return _form(request, site, visitor, values)


@routes.post("/new")
def enrol(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    now = site.clock.now()
    values = {name: form.text(name) for name in FIELDS}
    try:
        new = _newcomer(form)
        doubles = _doubles(site, visitor, new, now)
        if doubles and form.text("seen") != _mark(doubles):
            return _form(request, site, visitor, values, doubles=doubles, status=409)
        with acting(site, visitor, form, now, PEOPLE) as connection:
            account = welcome(connection, visitor.scope, new, site.ring, now)
            why = AT_THE_DESK if not doubles else f"not the same as {_mark(doubles)}"[:200]
            note(connection, visitor.signature, "enrol", account, why, now)
    except Refused as error:
        return _form(request, site, visitor, values, error=error.sentence, status=error.status)
    said = f"已登记，账户编号 {account}。接着可以发卡。"
    return go(request, f"/console/cards/new?account={account}", said)


def _newcomer(form: Posted) -> Newcomer:
    """Raises Refused for what is not chosen."""
    if form.text("kind") not in list(Kind):
        raise Refused(422, "请选择类别：居民、党员干部或者驻区单位。")
    kind = Kind(form.text("kind"))
    if not form.text("place"):
        raise Refused(422, "请选择楼栋。")
    if kind is not Kind.UNIT and form.text("consent") not in ("yes", "no"):
        raise Refused(422, "请当面问清楚：是否同意在电子屏和公示栏上显示打了星号的姓名？")
    return Newcomer(
        personal_of(form),
        kind,
        form.text("place"),
        form.text("door"),
        consent=kind is Kind.UNIT or form.text("consent") == "yes",
        child=form.text("child") == "yes",
    )


def personal_of(form: Posted) -> Personal:
    """Raises Refused for a birthday that is no day."""
    birthday = form.text("birthday")
    try:
        born = dt.date.fromisoformat(birthday) if birthday else None
    except ValueError:
        raise Refused(422, "生日不对，请写成 1960-05-01 这样。") from None
    tail = form.text("id_tail") or None
    return Personal(form.text("name"), form.text("phone") or None, tail, born)


def _doubles(site: Site, visitor: Visitor, new: Newcomer, now: dt.datetime) -> list[Listed]:
    """Who has this telephone, or is called like this at the same door. Raises Refused."""
    with looking(site) as connection:
        found = set(alike(connection, new))
        if phone := new.given.phone:
            by = visitor.signature
            found |= {*find_by_phone(connection, phone, site.ring, by, CHECKING, now)}
        return list_holders(connection, sorted(found))


def _mark(doubles: list[Listed]) -> str:
    return " ".join(one.account for one in doubles)


def _form(
    request: Request,
    site: Site,
    visitor: Visitor,
    values: Mapping[str, str],
    *,
    doubles: list[Listed] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    with reading(site.engine) as connection:
        buildings = buildings_of(connection, visitor.scope)
    return console_page(
        request,
        visitor,
        "people/new.html",
        status,
        values=values,
        buildings=buildings,
        doubles=doubles or [],
        mark=_mark(doubles or []),
        error=error,
    )
