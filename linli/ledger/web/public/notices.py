"""公示: every month that was put on notice, and all that its sheet says."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.documents.model import Notice, Poster
from linli.ledger.documents.render import pdf, pictures
from linli.ledger.notice.carried import carried
from linli.ledger.notice.listing import deeds_shown, desk_deeds
from linli.ledger.notice.publishing import NoticeError
from linli.ledger.notice.sheets import OBJECTIONS, chat_poster, notice_sheet
from linli.ledger.notice.shown import months
from linli.ledger.record.log import RecordError, newest_checkpoint
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.listing import PER_PAGE, Listing, cut, page_number
from linli.ledger.web.public.drawing import around, kept, public_page
from linli.ledger.web.refusals import Refused
from linli.ledger.web.site import Here, Site
from linli.sync.messages import Kind
from linli.sync.periods import business_day

routes = APIRouter(prefix="/c/{scope}/notices")
FIRST = 10
"""Places of each ranking on the page; the sheet has all."""
FILES_KEPT = 16
A_MINUTE = 60
"""A file is worth keeping for longer than a page: it takes a second to set."""


@routes.get("")
def notices(request: Request, site: Here, scope: str) -> Response:
    with reading(site.engine) as connection:
        here = around(connection, scope)
        page = cut(months(connection, scope), request)
        return public_page(request, here, "notices.html", page=page)


@routes.get("/{month}")
def one_month(
    request: Request, site: Here, scope: str, month: str, kind: Kind | None = None
) -> Response:
    number = page_number(request)
    offset = (number - 1) * PER_PAGE
    with reading(site.engine) as connection:
        here = around(connection, scope)
        shown = carried(connection, scope, month)
        if shown is None:
            raise Refused(404, "这个月还没有公示，请从公示列表里选择。")
        standards = site.shelf.read(connection)
        listed = deeds_shown(connection, scope, month, standards, kind, offset, PER_PAGE)
        return public_page(
            request,
            here,
            "notice.html",
            shown=shown,
            first=FIRST,
            kind=kind,
            page=Listing(listed.lines, number, listed.total, request),
            written=desk_deeds(connection, scope, month, standards),
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
