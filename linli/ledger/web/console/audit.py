"""The audit log (操作记录): who did what, when and why. It is only ever added to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, Connection, Row, func, select, true

from linli.ledger.database import reading
from linli.ledger.people.personal_schema import audit_log
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Overseer
from linli.ledger.web.listing import PER_PAGE, Format, Listing, as_file, cut, page_number
from linli.ledger.web.rendering import moment
from linli.ledger.web.site import Here
from linli.sync.periods import SHANGHAI

routes = APIRouter(prefix="/console/audit")
HEAD = ("序号", "时间", "谁", "岗位", "做了什么", "账号", "原因", "校验")
MOST_EXPORTED = 50_000
FEW = 5000


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Overseer,
    who: str = "",
    what: str = "",
    since: str = "",
    until: str = "",
    format_: Format = "",
) -> Response:
    wanted = _in(since, until)
    wanted &= audit_log.c.who.contains(who, autoescape=True) if who else true()
    wanted &= audit_log.c.what.contains(what, autoescape=True) if what else true()
    newest = select(audit_log).where(wanted).order_by(audit_log.c.number.desc())
    with reading(site.engine) as connection:
        if format_:
            rows = connection.execute(newest.limit(MOST_EXPORTED))
            lines = (
                (r.number, moment(r.at), r.who, r.role, r.what, r.account, r.why, r.digest)
                for r in rows
            )
            return as_file(format_, "audit", HEAD, lines)
        listing = _page(connection, wanted, request)
    return console_page(
        request, visitor, "audit.html", page=listing, who=who, what=what, since=since, until=until
    )


def _page(connection: Connection, wanted: ColumnElement[bool], request: Request) -> Listing[Any]:
    """A log of years is read through once for what is rare, and no further than the page for what
    is not."""
    query = select(audit_log.c.number).where(wanted)
    few = connection.execute(query.limit(FEW + 1)).scalars().all()
    if len(few) <= FEW:
        found = cut(sorted(few, reverse=True), request)
        return Listing(_rows(connection, found.rows), found.number, found.total, request)
    count = select(func.count()).select_from(audit_log).where(wanted)
    total = connection.execute(count).scalar_one()
    number = min(page_number(request), max(1, -(-total // PER_PAGE)))
    page = query.order_by(audit_log.c.number.desc()).limit(PER_PAGE)
    numbers = connection.execute(page.offset((number - 1) * PER_PAGE)).scalars().all()
    return Listing(_rows(connection, numbers), number, total, request)


def _rows(connection: Connection, numbers: Sequence[int]) -> Sequence[Row[Any]]:
    query = select(audit_log).where(audit_log.c.number.in_(numbers))
    return connection.execute(query.order_by(audit_log.c.number.desc())).all()


def _in(since: str, until: str) -> ColumnElement[bool]:
    """From one day to another; what is no day bounds nothing."""
    wanted: ColumnElement[bool] = true()
    if (first := _day(since)) is not None:
        wanted &= audit_log.c.at >= first
    if (last := _day(until)) is not None:
        wanted &= audit_log.c.at < last + dt.timedelta(days=1)
    return wanted


def _day(text: str) -> dt.datetime | None:
    """When that day begins, for years in which there can be anything."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return dt.datetime.combine(day, dt.time(), SHANGHAI) if 2000 <= day.year < 3000 else None
