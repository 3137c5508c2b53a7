"""Surveys on a resident's phone: those that are open, and answering one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.surveys.answering import answer, reply_of
from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.questions import Answer, Kind, Question
from linli.ledger.surveys.reading import State, Survey, asking, open_for, read_survey
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

SURVEYS = "/me/surveys"
routes = APIRouter(prefix=SURVEYS)
STATUS = {Fault.NO_SURVEY: 404, Fault.NOT_ASKED: 403, Fault.CLOSED: 409, Fault.NOT_YET: 409}


@routes.get("")
def overview(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        found = [
            (one, bool(reply_of(connection, one.id, me.account)))
            for one in open_for(connection, me.scope, site.clock.now())
        ]
    return phone_page(request, me, "surveys.html", found=found)


@routes.get("/{id_}")
def one_survey(request: Request, site: Here, me: Me, id_: str) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        try:
            survey = read_survey(connection, id_)
        except SurveyError as error:
            raise Refused(404, in_chinese(str(error))) from error
        asked = survey.scope in asking(connection, me.scope)
        said = reply_of(connection, id_, me.account)
    state = survey.state(now)
    if state is State.DRAFT or not asked:
        raise Refused(404, f"没有问您的这份问卷（{id_[:16]}），或者还没有开放。")
    return phone_page(request, me, "survey.html", survey=survey, state=state, said=said)


@routes.post("/{id_}")
def send(request: Request, site: Here, me: Me, form: Form, id_: str) -> Response:
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            answers = _answers(form, read_survey(connection, id_))
            answer(connection, id_, me.account, answers, now)
    except SurveyError as error:
        raise Refused(STATUS.get(error.fault, 422), in_chinese(str(error))) from error
    return go(request, SURVEYS, "谢谢您！答卷已收到，结束以前还可以改。")


def _answers(form: Posted, survey: Survey) -> dict[int, Answer]:
    """What was filled in; the rest was left out. Raises Refused."""
    found = {}
    for number, question in survey.questions.items():
        said = _answer(form, f"q{number}", question)
        if said is not None:
            found[number] = said
    return found


def _answer(form: Posted, name: str, question: Question) -> Answer | None:
    if question.kind is Kind.MULTIPLE:
        chosen = form.texts(name)
        if not all(text.isdecimal() and len(text) < 4 for text in chosen):
            raise Refused(422, "选择的内容不对，请返回重新选择。")
        return [int(text) for text in chosen] or None
    if question.kind is Kind.TEXT:
        return form.text(name) or None
    return form.whole(name) if form.text(name) else None
