"""公示异议: what hangs on the community's wall, objecting to it, and what was answered."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.notice.objecting import LONGEST, ObjectionError, Way, object_to
from linli.ledger.notice.on_show import (
    count_on_show,
    hanging,
    objections_of,
    on_show,
    one_on_show,
)
from linli.ledger.staff.submissions import first_time
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Listing, page_number
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/me")
PER_PAGE = 20
REASONS = ("这个人当时不在", "时间或地点不对", "同一件事记了两次", "分值不对", "其他")
NOT_HANGING = "这一条已经不在公示中，不能再提异议。"


@routes.get("/notice")
def show(request: Request, site: Here, me: Me, month: str = "", name: str = "") -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        notices = hanging(connection, me.scope, now)
        chosen = next((one for one in notices if one.month == month), None)
        chosen = chosen or (notices[0] if notices else None)
        total = 0 if chosen is None else count_on_show(connection, chosen, name)
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        rows = []
        if chosen is not None:
            standards = site.shelf.read(connection)
            skip = (number - 1) * PER_PAGE
            rows = on_show(connection, chosen, standards, name, skip=skip, count=PER_PAGE)
    page = Listing(rows, number, total, request, PER_PAGE)
    return phone_page(
        request, me, "notice.html", notices=notices, chosen=chosen, page=page, name=name
    )


@routes.get("/notice/object")
def ask(request: Request, site: Here, me: Me, deed: str) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        standards = site.shelf.read(connection)
        shown = one_on_show(connection, deed, me.scope, standards, now)
    if shown is None:
        raise Refused(404, NOT_HANGING)
    return phone_page(request, me, "object.html", shown=shown, reasons=REASONS, longest=LONGEST)


@routes.post("/notice/object")
def take(request: Request, site: Here, me: Me, form: Form) -> Response:
    words, now = _words(form.text("reason"), form.text("words")), site.clock.now()
    try:
        with site.engine.begin() as connection:
            if first_time(connection, form.token, me.account, now):
                object_to(connection, form.text("deed"), me.account, Way.PHONE, words, now)
    except ObjectionError as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    return go(request, "/me/objections", "异议已提交，考评小组会逐条答复。")


@routes.get("/objections")
def show_objections(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        found = objections_of(connection, me.account, site.shelf.read(connection))
    return phone_page(request, me, "objections.html", objections=found)


def _words(reason: str, more: str) -> str:
    """What somebody chose and what they added, as one sentence. Raises Refused for neither."""
    known = reason if reason in REASONS[:-1] else ""
    words = "：".join(part for part in (known, more) if part)
    if not words:
        raise Refused(422, "请选一个理由，或者写几个字说明哪里不对。")
    return words[:LONGEST]
