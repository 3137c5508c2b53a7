"""Objections to a notice (异议): each is answered by a panel member who has no part in it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.notice.objecting import ObjectionError, answer
from linli.ledger.notice.shown import Objection, objections
from linli.ledger.people.access_log import note
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reviewer
from linli.ledger.web.console.review import Onlooker
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import OBJECTION, WAY

OBJECTIONS = "/console/objections"
routes = APIRouter(prefix=OBJECTIONS)
UPHELD, DISMISSED = "uphold", "dismiss"
HEAD = (
    "编号",
    "月份",
    "姓名",
    "事项",
    "日期",
    "分值",
    "怎么提的",
    "提出时间",
    "异议",
    "结果",
    "答复",
    "答复时间",
)
STATE = {None: "waiting", True: "upheld", False: "dismissed"}


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Onlooker,
    q: str = "",
    state: str = "",
    month: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        every = objections(connection, visitor.scope, site.shelf.read(connection))
    found = [
        one
        for one in every
        if state in ("", STATE[one.upheld])
        and month in ("", one.month)
        and has(q, one.about.name, one.about.item, one.words, one.id)
    ]
    if format_:
        return as_file(format_, f"objections-{visitor.scope}", HEAD, map(_row, found))
    return console_page(
        request,
        visitor,
        "objections.html",
        page=cut(found, request, 20),
        q=q,
        state=state,
        month=month,
        months=sorted({one.month for one in every}, reverse=True),
    )


def _row(one: Objection) -> Sequence[object]:
    return (
        one.id,
        one.month,
        one.about.name,
        one.about.item,
        one.about.day,
        one.about.points,
        WAY[one.way],
        moment(one.made_at),
        one.words,
        OBJECTION[STATE[one.upheld]],
        one.answer or "",
        moment(one.answered_at) if one.answered_at else "",
    )


@routes.post("")
def decide(request: Request, site: Here, visitor: Reviewer, form: Form) -> Response:
    choice, id_, words = form.text("choice"), form.text("objection"), form.text("words")
    if choice not in (UPHELD, DISMISSED):
        raise Refused(422, "请选择异议成立或者不成立。")
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            answer(
                connection,
                id_,
                visitor.account,
                words,
                site.shelf.read(connection),
                now,
                upheld=choice == UPHELD,
            )
            note(connection, visitor.signature, f"answer {id_}: {choice}", None, words[:200], now)
    except ObjectionError as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    return go(request, OBJECTIONS, "已答复，提异议的人会看到。")
