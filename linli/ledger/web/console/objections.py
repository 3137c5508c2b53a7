"""Objections to a notice (异议): each is answered by a panel member who has no part in it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.notice.objecting import ObjectionError, answer
from linli.ledger.notice.shown import objections
from linli.ledger.people.access_log import note
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reviewer
from linli.ledger.web.console.review import Onlooker
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

OBJECTIONS = "/console/objections"
routes = APIRouter(prefix=OBJECTIONS)
UPHELD, DISMISSED = "uphold", "dismiss"


@routes.get("")
def show(request: Request, site: Here, visitor: Onlooker) -> Response:
    with reading(site.engine) as connection:
        found = objections(connection, visitor.scope, site.shelf.read(connection))
    return console_page(request, visitor, "objections.html", page=cut(found, request, 20))


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
