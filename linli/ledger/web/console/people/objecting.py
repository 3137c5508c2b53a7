"""Somebody objects at the desk to a deed on the notice that hangs, their own or another's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from linli.ledger.database import reading
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import deed
from linli.ledger.notice.objecting import Way, object_to
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.access_log import note
from linli.ledger.people.masking import public_name
from linli.ledger.people.personal import plain
from linli.ledger.people.schema import holder
from linli.ledger.standard.versions import Standards
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import AT_THE_DESK, acting
from linli.ledger.web.console.people.reach import HOLDER, at, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Listing, page_number
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.sync.messages import Kind

routes = APIRouter(prefix=HOLDER)
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class OnNotice:
    """A deed as the notice shows it. `waiting` is whether this person's objection to it waits."""

    id: str
    theirs: bool
    name: str
    item: str
    day: str
    points: int
    waiting: bool


@routes.get("/objection")
def show_notice(
    request: Request, site: Here, visitor: Clerk, account: str, q: str = ""
) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        where = _hangs(of.scope, now)
        if q.strip():
            where &= _named(plain(q)[:64])
        count = _on_notice(select(func.count())).where(where)
        total = connection.execute(count).scalar_one()
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        rows = _rows(connection, where, account, number, site.shelf.read(connection))
        until = connection.execute(select(func.min(notice.c.until)).where(_up(of.scope, now)))
        return console_page(
            request,
            visitor,
            "people/objection.html",
            of=of,
            q=q,
            page=Listing(rows, number, total, request, PER_PAGE),
            until=until.scalar(),
        )


@routes.post("/objection")
def take_objection(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, deed_id, now = form.text("account"), form.text("deed"), site.clock.now()
    with acting(site, visitor, form, now, at(account)) as connection:
        holder_in_reach(connection, visitor, account)
        id_ = object_to(connection, deed_id, account, Way.DESK, form.text("words"), now)
        what = f"take an objection to {deed_id}"
        note(connection, visitor.signature, what, account, AT_THE_DESK, now)
    return go(request, at(account), f"异议已记下（编号 {id_}），由考评小组答复，本人会看到结果。")


def _up(scope: str, now: dt.datetime) -> ColumnElement[bool]:
    return (notice.c.scope == scope) & notice.c.sealed_at.is_(None) & (notice.c.until > now)


def _hangs(scope: str, now: dt.datetime) -> ColumnElement[bool]:
    return _up(scope, now) & (deed.c.state == POSTED)


def _named(text: str) -> ColumnElement[bool]:
    return or_(
        holder.c.name_masked.contains(text, autoescape=True),
        holder.c.alias.contains(text, autoescape=True),
        deed.c.id == text,
        deed.c.account == text,
    )


def _on_notice(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(notice)
        .join(
            notice_deed,
            (notice_deed.c.scope == notice.c.scope) & (notice_deed.c.month == notice.c.month),
        )
        .join(deed, deed.c.id == notice_deed.c.deed)
        .join(holder, holder.c.account == deed.c.account)
    )


def _rows(
    connection: Connection,
    where: ColumnElement[bool],
    account: str,
    number: int,
    standards: Standards,
) -> list[OnNotice]:
    """One page, this person's own first."""
    columns = (deed.c.id, deed.c.account, deed.c.item, deed.c.day, deed.c.points)
    names = (holder.c.name_masked, holder.c.alias, holder.c.kind, holder.c.public_consent)
    query = _on_notice(select(*columns, *names, holder.c.under14)).where(where)
    order = ((deed.c.account != account), deed.c.day.desc(), deed.c.id)
    cut = query.order_by(*order).offset((number - 1) * PER_PAGE).limit(PER_PAGE)
    rows = connection.execute(cut).all()
    asked = select(objection.c.deed).where(
        objection.c.deed.in_([row.id for row in rows]),
        objection.c.account == account,
        objection.c.answered_at.is_(None),
    )
    waiting = set(connection.execute(asked).scalars())
    return [_one(row, account, standards, waiting) for row in rows]


def _one(row: Row[Any], account: str, standards: Standards, waiting: set[str]) -> OnNotice:
    name = public_name(
        row.name_masked,
        row.alias,
        Kind(row.kind),
        consent=row.public_consent,
        under14=row.under14,
    )
    return OnNotice(
        row.id,
        row.account == account,
        name,
        standards.name_of(row.item, row.day),
        row.day,
        row.points,
        row.id in waiting,
    )
