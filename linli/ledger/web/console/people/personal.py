"""Personal data of a holder: shown unmasked once, for a reason that is written down; corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, Row, select

from linli.ledger.database import reading
from linli.ledger.feed.naming import scopes_naming
from linli.ledger.people.access_log import note
from linli.ledger.people.consenting import set_child, set_consent
from linli.ledger.people.holding import hold
from linli.ledger.people.newcomers import under_14
from linli.ledger.people.personal import FIELDS
from linli.ledger.people.personal_schema import person
from linli.ledger.people.persons import keep_person, look
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.people.acting import AT_THE_DESK, acting, looking, reason_of
from linli.ledger.web.console.people.enrolling import personal_of
from linli.ledger.web.console.people.reach import HOLDER, at, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.sync.messages import Kind
from linli.sync.periods import business_day

routes = APIRouter(prefix=HOLDER)
STALE = "这个人的信息刚刚被别的工作人员改过，您看到的已经不是最新的。请重新查看后再更正。"


@routes.get("/full")
def ask_why(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        nothing = _seen(connection, account) == ""
    if nothing:
        values: Mapping[str, str | None] = dict.fromkeys(FIELDS)
        return _shown(request, visitor, of, values, "", new=True)
    return console_page(request, visitor, "people/why.html", of=of)


@routes.post("/full")
def show(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with looking(site) as connection:
        of = holder_in_reach(connection, visitor, account)
        values = look(connection, account, FIELDS, site.ring, visitor.signature, why, now)
        seen = _seen(connection, account)
    return _shown(request, visitor, of, values, seen)


@routes.post("/personal")
def correct(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """In place of all that was kept. Where somebody else was quicker, nothing is changed."""
    account, seen, now = form.text("account"), form.text("seen"), site.clock.now()
    try:
        given = personal_of(form)
        with acting(site, visitor, form, now, at(account)) as connection:
            of = holder_in_reach(connection, visitor, account)
            # Also the feeds that naming them anew will need, all at once.
            hold(connection, [account], scopes_naming(connection, [account], now))
            if _seen(connection, account) != seen:
                raise Refused(409, STALE)
            keep_person(connection, account, given, site.ring, now)
            _grown(connection, of, given.birthday, now)
            note(connection, visitor.signature, "correct personal data", account, AT_THE_DESK, now)
    except Refused as error:
        if error.status != 422:
            raise
        values = {name: form.text(name) for name in FIELDS}
        with reading(site.engine) as connection:
            of = holder_in_reach(connection, visitor, account)
        return _shown(request, visitor, of, values, seen, error=error.sentence)
    return go(request, at(account), "个人信息已保存。")


@routes.post("/consent")
def change_consent(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, consent, now = form.text("account"), form.text("consent") == "yes", site.clock.now()
    with acting(site, visitor, form, now, at(account)) as connection:
        holder_in_reach(connection, visitor, account)
        changed = set_consent(connection, account, now, agreed=consent)
        what = f"consent to a public name: {'yes' if consent else 'no'}"
        note(connection, visitor.signature, what, account, AT_THE_DESK, now)
    if not changed:
        return go(request, at(account), "本来就是这样，没有改动。")
    said = "以打星号的姓名公示" if consent else "不公示姓名，改用化名；电子屏马上更新"
    return go(request, at(account), f"已按本人意愿改为：{said}。")


def _grown(connection: Connection, of: Row[Any], born: dt.date | None, now: dt.datetime) -> None:
    """A birthday says whether they are a child."""
    if born is None or of.kind != Kind.RESIDENT or of.closed_at is not None:
        return
    under14 = under_14(born, business_day(now))
    set_child(connection, of.account, now, under14=under14)


def _seen(connection: Connection, account: str) -> str:
    """Changes with what is kept; empty where nothing is."""
    query = select(person.c.kept_at).where(person.c.account == account)
    kept_at = connection.execute(query).scalar()
    return "" if kept_at is None else kept_at.isoformat()


def _shown(
    request: Request,
    visitor: Visitor,
    of: Row[Any],
    values: Mapping[str, str | None],
    seen: str,
    *,
    error: str = "",
    new: bool = False,
) -> Response:
    return console_page(
        request,
        visitor,
        "people/personal.html",
        422 if error else 200,
        of=of,
        values=values,
        seen=seen,
        error=error,
        new=new,
    )
