"""The audit log (操作记录): who did what, when and why. It is only ever added to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import func, select

from linli.ledger.database import reading
from linli.ledger.people.personal_schema import audit_log
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Overseer
from linli.ledger.web.listing import PER_PAGE, Listing, as_file, page_number
from linli.ledger.web.rendering import moment
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/console/audit")
HEAD = ("序号", "时间", "谁", "岗位", "做了什么", "账号", "原因", "校验")
MOST_EXPORTED = 50_000


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Overseer,
    who: str = "",
    what: str = "",
    format_: Annotated[str, Query(alias="format")] = "",
) -> Response:
    wanted = audit_log.c.who.contains(who, autoescape=True)
    wanted &= audit_log.c.what.contains(what, autoescape=True)
    newest = select(audit_log).where(wanted).order_by(audit_log.c.number.desc())
    with reading(site.engine) as connection:
        if format_:
            rows = connection.execute(newest.limit(MOST_EXPORTED))
            lines = (
                (r.number, moment(r.at), r.who, r.role, r.what, r.account, r.why, r.digest)
                for r in rows
            )
            return as_file(format_, "audit", HEAD, lines)
        total = connection.execute(
            select(func.count()).select_from(audit_log).where(wanted)
        ).scalar_one()
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        rows = connection.execute(newest.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
        page = Listing(rows.all(), number, total, request)
    return console_page(request, visitor, "audit.html", page=page, who=who, what=what)
