"""The monthly notice (月度公示) in the console: its months, one month, its sheet and its poster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.documents.model import DocumentError
from linli.ledger.documents.render import pdf, pictures
from linli.ledger.notice.publishing import NoticeError, freeze, seal
from linli.ledger.notice.sheets import chat_poster, notice_sheet
from linli.ledger.notice.shown import Month, Wanted, count_shown, months, shown_on
from linli.ledger.people.access_log import note
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Leader, Reader
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import (
    LONGEST_SOUGHT,
    PER_PAGE,
    Format,
    Listing,
    as_file,
    cut,
    page_number,
)
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download, go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import KIND, NOTICE, STATE

routes = APIRouter(prefix="/console/notices")
MONTHS_HEAD = ("月份", "公示", "公示到", "封账", "事项", "积分", "异议", "待答复", "状态")
HEAD = ("编号", "姓名", "类别", "事项", "日期", "分值", "状态")


@routes.get("")
def list_months(
    request: Request,
    site: Here,
    visitor: Reader,
    year: str = "",
    state: str = "",
    format_: Format = "",
) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        every = months(connection, visitor.scope)
    found = [one for one in every if one.month.startswith(year) and state in ("", _state(one, now))]
    if format_:
        lines = (_row(one, now) for one in found)
        return as_file(format_, f"notices-{visitor.scope}", MONTHS_HEAD, lines)
    return console_page(
        request,
        visitor,
        "notices.html",
        page=cut(found, request),
        year=year,
        years=sorted({one.month[:4] for one in every}, reverse=True),
        state=state,
    )


def _state(one: Month, now: dt.datetime) -> str:
    if one.of.sealed_at:
        return "sealed"
    return "showing" if now < one.of.until else "over"


def _row(one: Month, now: dt.datetime) -> Sequence[object]:
    return (
        one.month,
        moment(one.of.frozen_at),
        moment(one.of.until),
        moment(one.of.sealed_at) if one.of.sealed_at else "",
        one.deeds,
        one.points,
        one.objections,
        one.open,
        NOTICE[_state(one, now)],
    )


@routes.get("/{month}")
def one_month(
    request: Request,
    site: Here,
    visitor: Reader,
    month: str,
    q: str = "",
    kind: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        known = {one.month: one for one in months(connection, visitor.scope)}
        if month not in known:
            raise Refused(404, f"{visitor.community}没有 {month} 的公示。")
        standards = site.shelf.read(connection)
        wanted = Wanted(q.strip()[:LONGEST_SOUGHT], kind)
        if format_:
            rows = shown_on(connection, visitor.scope, month, standards, wanted)
            lines = (
                (r.deed, r.name, KIND[r.kind.value], r.item, r.day, r.points, STATE[r.state])
                for r in rows
            )
            return as_file(format_, f"notice-{visitor.scope}-{month}", HEAD, lines)
        total = count_shown(connection, visitor.scope, month, standards, wanted)
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        skip = (number - 1) * PER_PAGE
        rows = shown_on(
            connection, visitor.scope, month, standards, wanted, skip=skip, most=PER_PAGE
        )
    page = Listing(rows, number, total, request)
    return console_page(
        request, visitor, "notice.html", of=known[month], page=page, q=wanted.text, kind=kind
    )


@routes.post("/freeze")
def publish(request: Request, site: Here, visitor: Leader, form: Form) -> Response:
    """By hand, where the calendar did not."""
    month = form.text("month")
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            made = freeze(connection, visitor.scope, month, now, form.whole("days"))
            note(connection, visitor.signature, f"freeze {month}", None, visitor.scope, now)
    except NoticeError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"/console/notices/{month}", f"已公示，到 {made.until:%m月%d日} 零点结束。")


@routes.post("/{month}/seal")
def close(request: Request, site: Here, visitor: Leader, month: str, _form: Form) -> Response:
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            seal(connection, visitor.scope, month, now)
            note(connection, visitor.signature, f"seal {month}", None, visitor.scope, now)
    except NoticeError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"/console/notices/{month}", "已封账，本月积分可以兑换了。")


@routes.get("/{month}/sheet.pdf")
def sheet(site: Here, visitor: Reader, month: str) -> Response:
    with reading(site.engine) as connection:
        standards = site.shelf.read(connection)
        url = f"{site.public_url}/check"
        try:
            made = notice_sheet(connection, visitor.scope, month, standards, site.issuer, url)
            body = pdf(made)
        except (NoticeError, DocumentError) as error:
            raise Refused(409, in_chinese(str(error))) from error
    return download(body, f"notice-{visitor.scope}-{month}.pdf", "application/pdf")


@routes.get("/{month}/poster.png")
def poster(site: Here, visitor: Reader, month: str) -> Response:
    with reading(site.engine) as connection:
        try:
            made = chat_poster(connection, visitor.scope, month, f"{site.public_url}/check")
            body = pictures(made)[0]
        except (NoticeError, DocumentError) as error:
            raise Refused(409, in_chinese(str(error))) from error
    return download(body, f"poster-{visitor.scope}-{month}.png", "image/png", inline=True)
