"""Surveys (问卷调查) in the console: the list, one with its results, opening it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.making import release, throw_away
from linli.ledger.surveys.questions import Kind
from linli.ledger.surveys.reading import State, Survey, asking, read_survey, read_surveys
from linli.ledger.surveys.results import Results, results
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.adjusting import Drafter
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.console.standard import may_draft
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import QUESTION, STEPS, SURVEY

SURVEYS = "/console/surveys"
routes = APIRouter(prefix=SURVEYS)
HEAD = ("编号", "标题", "范围", "开始", "结束", "状态", "人数")
RESULT_HEAD = ("题号", "题目", "类型", "事项", "答案", "人数", "回答这一题的人数")
STATUS = {Fault.NO_SURVEY: 404, Fault.RELEASED: 409, Fault.CLOSED: 409, Fault.NOT_YET: 409}
ADDRESS = "/me/surveys"
"""Where residents answer on their phones."""


@routes.get("")
def overview(
    request: Request,
    site: Here,
    visitor: Reader,
    q: str = "",
    state: str = "",
    format_: Format = "",
) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        asked = asking(connection, visitor.scope)
        found = [
            results(connection, one, now)
            for one in read_surveys(connection)
            if one.scope in asked
            and state in ("", one.state(now).value)
            and has(q, one.title, one.id)
        ]
    if format_:
        return as_file(format_, "surveys", HEAD, [_row(one, now) for one in found])
    return console_page(
        request,
        visitor,
        "surveys.html",
        page=cut(found, request),
        states=SURVEY,
        chosen_state=state,
        q=q,
        makes_it=may_draft(visitor),
    )


def _row(of: Results, now: dt.datetime) -> Sequence[object]:
    one = of.survey
    return (
        one.id,
        one.title,
        one.scope_name,
        one.opens,
        one.closes,
        SURVEY[one.state(now)],
        of.people,
    )


@routes.get("/{id_}")
def one_survey(
    request: Request,
    site: Here,
    visitor: Reader,
    id_: str,
    format_: Format = "",
) -> Response:
    now = site.clock.now()
    with refusing(), reading(site.engine) as connection:
        found = results(connection, read_survey(connection, id_), now)
    if found.survey.state(now) is State.DRAFT and not is_theirs(visitor, found.survey):
        raise Refused(404, "没有这份问卷，或者还没有开放。")
    if format_:
        return as_file(format_, f"survey-{id_}", RESULT_HEAD, _result_rows(found))
    return console_page(
        request,
        visitor,
        "survey.html",
        survey=found.survey,
        state=found.survey.state(now),
        found=found,
        address=f"{(site.public_url or str(request.base_url)).rstrip('/')}{ADDRESS}/{id_}",
        makes_it=may_draft(visitor) and is_theirs(visitor, found.survey),
    )


def _result_rows(of: Results) -> Iterator[Sequence[object]]:
    """What may be told of each question, an answer a row."""
    for number, one in of.questions.items():
        asked = one.question
        told = (number, asked.words, QUESTION[asked.kind], asked.item or "")
        names = STEPS if asked.kind is Kind.SCALE else asked.choices
        for name, count in zip(names, one.all.counts or (), strict=False):
            yield (*told, name, count, one.all.answered)
        for words in one.all.words:
            yield (*told, words, 1, one.all.answered)
        if one.all.counts is None and not one.all.words:
            yield (*told, "", None, one.all.answered)


@routes.post("/{id_}/release")
def open_it(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    now = site.clock.now()
    with making(site, visitor, id_) as connection:
        release(connection, id_, now)
        note(connection, visitor.signature, f"open survey {id_}", None, "survey", now)
    return go(request, f"{SURVEYS}/{id_}", "问卷已开放，从开始那天起可以填写。")


@routes.post("/{id_}/discard")
def discard(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    now = site.clock.now()
    with making(site, visitor, id_) as connection:
        throw_away(connection, id_)
        note(connection, visitor.signature, f"discard survey {id_}", None, "survey", now)
    return go(request, SURVEYS, "问卷已作废。")


@contextmanager
def refusing() -> Iterator[None]:
    """What the room of surveys refuses becomes the answer."""
    try:
        yield
    except SurveyError as error:
        raise Refused(STATUS.get(error.fault, 422), in_chinese(str(error))) from error


@contextmanager
def making(site: Site, visitor: Visitor, id_: str) -> Iterator[Connection]:
    """A transaction on a survey that is this visitor's to make. Raises Refused."""
    with refusing(), site.engine.begin() as connection:
        if not is_theirs(visitor, read_survey(connection, id_)):
            raise Refused(403, "这份问卷由别的社区或者街道管理。")
        yield connection


def is_theirs(visitor: Visitor, of: Survey) -> bool:
    """A community's staff make its surveys, the district's staff any."""
    return visitor.worker.scope in (None, of.scope)
