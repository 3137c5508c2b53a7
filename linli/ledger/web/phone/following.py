"""流程审核“云上看”: one's declarations, and each step of a deed on its way."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.declarations.declaring import complete_declared
from linli.ledger.declarations.evidence import MOST_PHOTOS, read_evidence, read_photo
from linli.ledger.declarations.history import read_history
from linli.ledger.declarations.reading import declared_by
from linli.ledger.declarations.refusals import DeclarationError
from linli.ledger.declarations.steps import Stage, Step, steps
from linli.ledger.declarations.words import LONGEST
from linli.ledger.journal.deed import Deed, read_deeds
from linli.ledger.people.bearers import bearers
from linli.ledger.review.risk import Doubt
from linli.ledger.review.weekly import ReviewError
from linli.ledger.standard.versions import Standards
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Listing, page_number
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me, Resident
from linli.ledger.web.photos import Place, photo_answer, sent_photos
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/me")
PER_PAGE = 10
NOT_YOURS = "您没有这一件记录，可能是地址不完整。"


@dataclass(frozen=True, slots=True)
class Followed:
    """A deed and how far it is: the last step that was done."""

    deed: Deed
    name: str
    newest: Step


@routes.get("/declarations")
def mine(request: Request, site: Here, me: Me) -> Response:
    number = page_number(request)
    with reading(site.engine) as connection:
        ids, total = declared_by(
            connection, me.account, offset=(number - 1) * PER_PAGE, most=PER_PAGE
        )
        standards = site.shelf.read(connection)
        deeds = read_deeds(connection, ids)
        rows = [_followed(connection, deeds[id_], standards) for id_ in ids]
    page = Listing(rows, number, total, request, PER_PAGE)
    return phone_page(request, me, "declarations.html", page=page)


@routes.get("/steps/{id_}")
def show(request: Request, site: Here, me: Me, id_: str) -> Response:
    with reading(site.engine) as connection:
        return _steps_page(connection, request, site.shelf.read(connection), me, id_)


@routes.post("/steps/{id_}")
def add_what_lacked(request: Request, site: Here, me: Me, id_: str, form: Form) -> Response:
    words = form.text("words")
    try:
        photos = sent_photos(form)
        with site.engine.begin() as connection:
            _require_theirs(connection, me, id_)
            complete_declared(connection, me.account, id_, words, photos, site.clock.now())
    except DeclarationError as error:
        with reading(site.engine) as connection:
            standards, said = site.shelf.read(connection), in_chinese(str(error))
            return _steps_page(connection, request, standards, me, id_, said, words)
    except ReviewError as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"/me/steps/{id_}", "补充的内容收到了，不用重新排队。")


@routes.get("/steps/{id_}/photo/{place}")
def photo(site: Here, me: Me, id_: str, place: Place) -> Response:
    with reading(site.engine) as connection:
        _require_theirs(connection, me, id_)
        return photo_answer(read_photo(connection, id_, place))


def _steps_page(
    connection: Connection,
    request: Request,
    standards: Standards,
    me: Resident,
    id_: str,
    error: str = "",
    words: str = "",
) -> Response:
    deed = _require_theirs(connection, me, id_)
    history = read_history(connection, id_)
    taken = [] if history is None else steps(history)
    waits_for_them = any(one.stage is Stage.COMPLETED and one.at is None for one in taken)
    return phone_page(
        request,
        me,
        "steps.html",
        422 if error else 200,
        deed=deed,
        name=standards.name_of(deed.item, deed.day),
        steps=taken,
        evidence=read_evidence(connection, [id_]).get(id_),
        asks_more=waits_for_them and Doubt.DECLARED in deed.flags,
        longest=LONGEST,
        most_photos=MOST_PHOTOS,
        error=error,
        typed=words,
    )


def _require_theirs(connection: Connection, me: Resident, id_: str) -> Deed:
    """Their own, also under an account that went into theirs. Raises Refused."""
    found = read_deeds(connection, [id_]).get(id_)
    if found is None or bearers(connection, [found.account])[found.account] != me.account:
        raise Refused(404, NOT_YOURS)
    return found


def _followed(connection: Connection, deed: Deed, standards: Standards) -> Followed:
    history = read_history(connection, deed.id)
    done = [] if history is None else [one for one in steps(history) if one.at is not None]
    return Followed(deed, standards.name_of(deed.item, deed.day), done[-1])
