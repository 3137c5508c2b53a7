"""The points standard for everybody: what is in force, what is to come, what was changed and why,
and what the neighbours said about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.documents.model import Adjustment
from linli.ledger.documents.render import pdf
from linli.ledger.people.schema import org
from linli.ledger.standard.changes import Field
from linli.ledger.standard.faults import AdjustError
from linli.ledger.standard.history import Step, adjusted_in, in_force, steps
from linli.ledger.standard.sheet import adjustment_sheet
from linli.ledger.standard.shown import ShownItem, show
from linli.ledger.surveys.beside import Beside, beside
from linli.ledger.surveys.faults import SurveyError
from linli.ledger.surveys.reading import State, read_survey
from linli.ledger.surveys.results import results
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.public.drawing import EVERYWHERE, kept, public_page
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download
from linli.ledger.web.site import Here
from linli.ledger.web.standard_changes import CHANGES_HEAD, change_rows
from linli.ledger.web.words import LIMIT, RECORD
from linli.sync.messages import StandardDoc
from linli.sync.periods import business_day

routes = APIRouter()
STEPS_A_PAGE = 12
SHEETS_KEPT = 8
HEAD = ("类别", "编码", "事项", "分值", "次数上限", "最短时长（分钟）", "怎么记录")


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A version, what it changed, and what was said of it by item."""

    step: Step
    items: Sequence[ShownItem]
    said: dict[str, Beside]


@routes.get("/standard")
def standard(
    request: Request,
    site: Here,
    version: str = "",
    format_: Format = "",
) -> Response:
    today = business_day(site.clock.now())
    with reading(site.engine) as connection:
        every = steps(connection)
    current = in_force(every, today) or (every[0] if every else None)
    if current is None:
        raise Refused(404, "积分标准还没有公布，请过几天再来看。")
    chosen = next((s for s in every if s.doc.version == version), None) if version else current
    if chosen is None:
        raise Refused(404, f"没有“{version[:20]}”这个版本。")
    if format_:
        return as_file(format_, f"standard-{chosen.doc.version}", HEAD, _rows(chosen.doc))
    coming = [s for s in every if s.doc.effective_from > max(today, current.doc.effective_from)]
    return public_page(
        request,
        EVERYWHERE,
        "standard.html",
        doc=chosen.doc,
        is_current=chosen is current,
        until=_until(every, chosen),
        coming=[(step, show(step.entries, step.before)) for step in coming],
        changed=_changed_in(today.year, every, chosen),
        year=today.year,
        this_year=adjusted_in(today.year, every),
    )


def _rows(doc: StandardDoc) -> Iterator[Sequence[object]]:
    for class_ in doc.classes:
        for item in class_.items:
            yield (
                class_.name,
                item.code,
                item.name,
                item.points,
                LIMIT(item.limit),
                item.duration_min,
                RECORD.get(item.record, item.record),
            )


def _until(every: Sequence[Step], of: Step) -> dt.date | None:
    """The last day of a version; None of the last one."""
    later = [s.doc.effective_from for s in every if s.doc.effective_from > of.doc.effective_from]
    return min(later) - dt.timedelta(days=1) if later else None


def _changed_in(year: int, every: Sequence[Step], shown: Step) -> frozenset[str]:
    """The items of the version that were adjusted in that year."""
    return frozenset(
        change.code
        for step in every
        if step.doc.effective_from.year == year
        and step.doc.effective_from <= shown.doc.effective_from
        for change in step.changes
        if change.field is not Field.CLASS_NAME
    )


@routes.get("/standard/history")
def history(request: Request, site: Here, year: str = "", format_: Format = "") -> Response:
    now = site.clock.now()
    this_year = business_day(now).year
    with reading(site.engine) as connection:
        every = steps(connection)
        years = sorted({step.doc.effective_from.year for step in every}, reverse=True)
        chosen = int(year) if year in {str(one) for one in years} else None
        wanted = [s for s in reversed(every) if chosen in (None, s.doc.effective_from.year)]
        if format_:
            return as_file(format_, "standard-changes", CHANGES_HEAD, change_rows(wanted))
        found = cut(wanted, request, STEPS_A_PAGE)
        shown = [_shown(connection, step, now) for step in found.rows]
    return public_page(
        request,
        EVERYWHERE,
        "standard_history.html",
        page=found,
        shown=shown,
        years=years,
        chosen_year=chosen,
        count=adjusted_in(chosen or this_year, every),
        counted_year=chosen or this_year,
        this_year=this_year,
        today=business_day(now),
    )


def _shown(connection: Connection, step: Step, now: dt.datetime) -> ShownStep:
    said = {} if step.of is None else beside(connection, step.of, now)
    return ShownStep(step, show(step.entries, step.before), said)


@routes.get("/standard/sheets/{id_}")
def sheet(request: Request, site: Here, id_: str) -> Response:
    """The notice of a published adjustment, as it hangs on the wall of the whole district."""
    with reading(site.engine) as connection:
        top = select(org.c.id).where(org.c.parent.is_(None)).order_by(org.c.id)
        scope = connection.execute(top).scalars().first() or ""
        try:
            found = adjustment_sheet(connection, id_, scope, site.issuer, site.clock.now())
        except AdjustError as error:
            raise Refused(404, in_chinese(str(error))) from error
    answer = download(_sheet_file(found), f"adjustment-{id_}.pdf", "application/pdf", inline=True)
    return kept(request, answer)


@lru_cache(maxsize=SHEETS_KEPT)
def _sheet_file(document: Adjustment) -> bytes:
    """Equal documents are equal bytes, and anybody may ask for one as often as they like."""
    return pdf(document)


@routes.get("/standard/surveys/{id_}")
def survey(request: Request, site: Here, id_: str) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        try:
            found = results(connection, read_survey(connection, id_), now)
        except SurveyError as error:
            raise Refused(404, in_chinese(str(error))) from error
    if found.survey.state(now) is State.DRAFT:
        raise Refused(404, in_chinese(f"there is no survey {id_}"))
    state = found.survey.state(now)
    return public_page(
        request, EVERYWHERE, "survey.html", found=found, survey=found.survey, state=state
    )
