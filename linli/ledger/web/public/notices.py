"""公示: every month that was put on notice, and all that its sheet says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.documents.model import DeskDeed, Notice, PostedDeed, Poster
from linli.ledger.documents.render import pdf, pictures
from linli.ledger.notice.carried import carried
from linli.ledger.notice.listing import deeds_shown
from linli.ledger.notice.publishing import NoticeError
from linli.ledger.notice.sheets import OBJECTIONS, chat_poster, notice_sheet
from linli.ledger.notice.shown import Month, months
from linli.ledger.record.log import RecordError, newest_checkpoint
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.listing import PER_PAGE, Format, Listing, as_file, cut, page_number
from linli.ledger.web.public.drawing import around, kept, public_page
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import moment
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import NOTICE
from linli.sync.messages import Kind
from linli.sync.periods import business_day

routes = APIRouter(prefix="/c/{scope}/notices")
HEAD = ("姓名", "事项", "日期", "积分")
MONTHS_HEAD = ("月份", "公示开始", "公示结束", "事项", "积分", "异议", "状态")
FIRST = 10
"""Places of each ranking on the page; the sheet has all."""
FILES_KEPT = 16
A_MINUTE = 60
"""A file is worth keeping for longer than a page: it takes a second to set."""


@routes.get("")
def notices(
    request: Request, site: Here, scope: str, year: str = "", format_: Format = ""
) -> Response:
    with reading(site.engine) as connection:
        here = around(connection, scope)
        every = months(connection, scope)
    found = [one for one in every if one.month.startswith(year)]
    if format_:
        lines = (_row(one, site.clock.now()) for one in found)
        return kept(request, as_file(format_, f"notices-{scope}", MONTHS_HEAD, lines))
    years = sorted({one.month[:4] for one in every}, reverse=True)
    page = cut(found, request)
    return public_page(request, here, "notices.html", page=page, year=year, years=years)


def _row(one: Month, now: dt.datetime) -> Sequence[object]:
    state = "sealed" if one.of.sealed_at else "showing" if now < one.of.until else "over"
    return (
        one.month,
        moment(one.of.frozen_at),
        moment(one.of.until),
        one.deeds,
        one.points,
        one.objections,
        NOTICE[state],
    )


@routes.get("/{month}")
def one_month(
    request: Request,
    site: Here,
    scope: str,
    month: str,
    kind: Kind | None = None,
    format_: Format = "",
) -> Response:
    number = page_number(request)
    offset, most = (0, None) if format_ else ((number - 1) * PER_PAGE, PER_PAGE)
    with reading(site.engine) as connection:
        here = around(connection, scope)
        shown = carried(connection, scope, month, FIRST)
        if shown is None:
            raise Refused(404, "这个月还没有公示，请从公示列表里选择。")
        standards = site.shelf.read(connection)
        listed = deeds_shown(connection, scope, month, standards, kind, offset, most)
        if format_:
            every: list[PostedDeed | DeskDeed] = [*listed.lines]
            every += listed.written if kind is None else []
            lines = ((d.name, d.item, d.day, d.points) for d in every)
            return kept(request, as_file(format_, f"notice-{scope}-{month}", HEAD, lines), A_MINUTE)
        return public_page(
            request,
            here,
            "notice.html",
            shown=shown,
            kind=kind,
            page=Listing(listed.lines, number, listed.total, request),
            written=listed.written,
            objections=OBJECTIONS,
            root=_root(connection),
            hangs=shown.sealed_at is None and business_day(site.clock.now()) <= shown.closes,
        )


@routes.get("/{month}/sheet.pdf")
def sheet(request: Request, site: Here, scope: str, month: str) -> Response:
    with reading(site.engine) as connection:
        around(connection, scope)
        try:
            standards = site.shelf.read(connection)
            found = notice_sheet(
                connection, scope, month, standards, site.issuer, _check_url(request, site)
            )
        except NoticeError as error:
            raise Refused(404, in_chinese(str(error))) from error
    return _file(request, f"notice-{scope}-{month}.pdf", "application/pdf", _sheet_file(found))


@routes.get("/{month}/poster.png")
def poster(request: Request, site: Here, scope: str, month: str) -> Response:
    with reading(site.engine) as connection:
        around(connection, scope)
        try:
            found = chat_poster(connection, scope, month, _check_url(request, site))
        except NoticeError as error:
            raise Refused(404, in_chinese(str(error))) from error
    return _file(request, f"poster-{scope}-{month}.png", "image/png", _poster_file(found))


@lru_cache(maxsize=FILES_KEPT)
def _sheet_file(document: Notice) -> bytes:
    """Equal documents are equal bytes: many may ask for one in the minute it is hung out."""
    return pdf(document)


@lru_cache(maxsize=FILES_KEPT)
def _poster_file(document: Poster) -> bytes:
    (picture,) = pictures(document)
    return picture


def _root(connection: Connection) -> str:
    """The record's newest root in hex, "" before the first checkpoint."""
    try:
        return newest_checkpoint(connection).root.hex()
    except RecordError:
        return ""


def _check_url(request: Request, site: Site) -> str:
    """Where the QR leads: the address that people know, or the one that was asked."""
    base = site.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/check"


def _file(request: Request, name: str, media_type: str, body: bytes) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return kept(request, Response(body, media_type=media_type, headers=headers), A_MINUTE)
