"""Making a survey: one form with all its questions, which grows as one asks for more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.schema import org
from linli.ledger.staff.submissions import first_time
from linli.ledger.standard.sets import read_sets
from linli.ledger.standard.shown import ShownItem
from linli.ledger.surveys.faults import SurveyError
from linli.ledger.surveys.making import NewSurvey, make, remake
from linli.ledger.surveys.questions import MOST_QUESTIONS, Kind, Question
from linli.ledger.surveys.reading import Survey, read_survey
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.adjusting import Drafter
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Visitor
from linli.ledger.web.console.standard import shown_items
from linli.ledger.web.console.surveys import SURVEYS, is_theirs, making, refusing
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.sync.periods import business_day

routes = APIRouter(prefix=SURVEYS)
MORE = 3
"""Empty questions that wait to be filled."""
WEEKS = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it is filled in; days as text, which may be none."""

    title: str
    scope: str
    opens: str
    closes: str
    questions: Sequence[Question]


@routes.get("/new")
def blank(request: Request, site: Here, visitor: Drafter) -> Response:
    today = business_day(site.clock.now())
    typed = Typed("", visitor.scope, f"{today}", f"{today + WEEKS}", ())
    return _form(request, site, visitor, typed, None)


@routes.post("/new")
def add(request: Request, site: Here, visitor: Drafter, form: Form) -> Response:
    typed = _typed(form)
    if form.text("more"):
        return _form(request, site, visitor, typed, None)
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            if not first_time(connection, form.token, visitor.worker.login, now):
                return go(request, SURVEYS, "这份问卷已经保存了。")
            id_ = make(connection, _new(typed, visitor), visitor.worker.name, now)
            note(connection, visitor.signature, f"make survey {id_}", None, "survey", now)
    except SurveyError as error:
        return _form(request, site, visitor, typed, None, in_chinese(str(error)))
    return go(request, f"{SURVEYS}/{id_}", "问卷已保存。看过以后点“开放填写”。")


@routes.get("/{id_}/edit")
def filled(request: Request, site: Here, visitor: Drafter, id_: str) -> Response:
    with refusing(), reading(site.engine) as connection:
        found = read_survey(connection, id_)
    if not is_theirs(visitor, found):
        raise Refused(403, "这份问卷由别的社区或者街道管理。")
    return _form(request, site, visitor, _of(found), id_)


@routes.post("/{id_}/edit")
def change(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    typed = _typed(form)
    if form.text("more"):
        return _form(request, site, visitor, typed, id_)
    now = site.clock.now()
    with making(site, visitor, id_) as connection:
        remake(connection, id_, _new(typed, visitor))
        note(connection, visitor.signature, f"change survey {id_}", None, "survey", now)
    return go(request, f"{SURVEYS}/{id_}", "问卷已保存。")


def _form(
    request: Request, site: Site, visitor: Visitor, typed: Typed, id_: str | None, wrong: str = ""
) -> Response:
    with reading(site.engine) as connection:
        docs = site.shelf.read(connection).docs
        blanks = min(MORE, MOST_QUESTIONS - len(typed.questions))
        return console_page(
            request,
            visitor,
            "survey_form.html",
            422 if wrong else 200,
            typed=typed,
            questions=[*typed.questions, *[Question(Kind.SCALE, "")] * blanks],
            id=id_,
            scopes=_scopes(connection, visitor),
            base=docs[-1] if docs else None,
            proposed=_proposed(connection, site),
            wrong=wrong,
        )


def _typed(form: Posted) -> Typed:
    found = []
    for number in range(1, MOST_QUESTIONS + 1):
        words, kind = form.text(f"words:{number}"), form.text(f"kind:{number}")
        if words and kind in set(Kind):
            choices = form.text(f"choices:{number}").splitlines()
            kept = tuple(c.strip() for c in choices if c.strip())
            chosen = kept if kind in (Kind.SINGLE, Kind.MULTIPLE) else ()
            found.append(Question(Kind(kind), words, chosen, form.text(f"item:{number}") or None))
    return Typed(
        form.text("title"), form.text("scope"), form.text("opens"), form.text("closes"), found
    )


def _new(typed: Typed, visitor: Visitor) -> NewSurvey:
    """Raises Refused."""
    if visitor.worker.scope not in (None, typed.scope):
        raise Refused(403, "只能为本社区做问卷。")
    try:
        opens, closes = map(dt.date.fromisoformat, (typed.opens, typed.closes))
    except ValueError:
        raise Refused(422, "日期请写成 2026-12-01 这样。") from None
    return NewSurvey(typed.scope, typed.title, opens, closes, typed.questions)


def _of(found: Survey) -> Typed:
    return Typed(
        found.title,
        found.scope,
        f"{found.opens}",
        f"{found.closes}",
        list(found.questions.values()),
    )


def _scopes(connection: Connection, visitor: Visitor) -> list[tuple[str, str]]:
    """Whom this visitor may ask."""
    if visitor.worker.scope is not None:
        return [(visitor.scope, visitor.community)]
    asked = select(org.c.id, org.c.name).where(org.c.level.in_(("street", "community")))
    return [(row.id, row.name) for row in connection.execute(asked.order_by(org.c.path))]


def _proposed(connection: Connection, site: Site) -> list[ShownItem]:
    """What drafts change, which is what one asks about first."""
    docs = site.shelf.read(connection).docs
    drafts = [one for one in read_sets(connection) if one.version is None]
    return [item for one in drafts for item in shown_items(one, docs[-1])] if docs else []
