"""The points standard (积分标准) in the console: its versions and drafts, one set with what the
neighbours said beside it, and its notice as PDF. Everybody of staff reads it."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.documents.render import pdf
from linli.ledger.staff.roles import Right
from linli.ledger.standard.changes import classes_of
from linli.ledger.standard.drafting import newest_version
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.history import adjusted_in, in_force, steps
from linli.ledger.standard.sets import ChangeSet, read_set, read_sets, stale
from linli.ledger.standard.sheet import adjustment_sheet
from linli.ledger.standard.shown import ShownItem, show
from linli.ledger.surveys.beside import beside, still_asked
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download
from linli.ledger.web.site import Here
from linli.ledger.web.standard_changes import CHANGES_HEAD, change_rows
from linli.sync.messages import StandardDoc
from linli.sync.periods import business_day

routes = APIRouter(prefix="/console")
STATUS = {
    Fault.NO_DRAFT: 404,
    Fault.NO_STANDARD: 404,
    Fault.NOT_PUBLISHED: 404,
    Fault.STALE: 409,
    Fault.PUBLISHED: 409,
}
"""Of the others, 422: what was typed cannot be taken."""


@routes.get("/standard")
def overview(
    request: Request,
    site: Here,
    visitor: Reader,
    year: str = "",
    format_: Format = "",
) -> Response:
    today = business_day(site.clock.now())
    with reading(site.engine) as connection:
        every = steps(connection)
        drafts = [one for one in read_sets(connection) if one.version is None]
    years = sorted({str(step.doc.effective_from.year) for step in every}, reverse=True)
    chosen = [s for s in every if not year or str(s.doc.effective_from.year) == year]
    if format_:
        return as_file(format_, "standard-changes", CHANGES_HEAD, change_rows(chosen))
    return console_page(
        request,
        visitor,
        "standard.html",
        page=cut(chosen[::-1], request),
        years=years,
        chosen_year=year,
        now_in_force=in_force(every, today),
        this_year=adjusted_in(today.year, every),
        drafts=drafts,
        today=today,
        next_month=(today.replace(day=1) + dt.timedelta(days=32)).replace(day=1),
        drafts_it=may_draft(visitor),
    )


def may_draft(visitor: Reader) -> bool:
    """Leaders publish the standard and administrators keep the house: both may draft."""
    return visitor.may(Right.LEAD) or visitor.may(Right.STAFF)


@routes.get("/standard/{id_}")
def one_set(request: Request, site: Here, visitor: Reader, id_: str) -> Response:
    now = site.clock.now()
    try:
        with reading(site.engine) as connection:
            of = read_set(connection, id_)
            docs = {doc.version: doc for doc in site.shelf.read(connection).docs}
            base = docs[of.based_on] if of.based_on else newest_version(connection)
            said = beside(connection, of, now)
            asked = still_asked(connection, of, now) if of.version is None else {}
    except AdjustError as error:
        raise refused(error) from error
    return console_page(
        request,
        visitor,
        "adjustment.html",
        of=of,
        base=base,
        shown=shown_items(of, base),
        said=said,
        asked=asked,
        classes=classes_of(base),
        drafts_it=of.version is None and may_draft(visitor),
    )


def shown_items(of: ChangeSet, base: StandardDoc) -> list[ShownItem]:
    """What a set changes; of a draft, with a mark where the standard has changed since."""
    return show(of.entries, base, stale(of, base) if of.version is None else ())


@routes.get("/standard/{id_}/sheet")
def sheet(site: Here, visitor: Reader, id_: str) -> Response:
    try:
        with reading(site.engine) as connection:
            found = adjustment_sheet(connection, id_, visitor.scope, site.issuer, site.clock.now())
    except AdjustError as error:
        raise refused(error) from error
    return download(pdf(found), f"adjustment-{visitor.scope}-{id_}.pdf", "application/pdf")


def refused(error: AdjustError) -> Refused:
    """The answer to what the standard's room does not do."""
    return Refused(STATUS.get(error.fault, 422), in_chinese(str(error)))
