"""退回补充: deeds that the panel wants to know more about, completed at the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.declarations.declaring import complete_declared
from linli.ledger.declarations.entering import complete_entry
from linli.ledger.declarations.evidence import read_evidence
from linli.ledger.declarations.photos import Photo
from linli.ledger.declarations.reading import signed_entries
from linli.ledger.declarations.refusals import DeclarationError
from linli.ledger.journal.deed import Deed, read_deeds
from linli.ledger.people.access_log import LONGEST, note
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.review.history import Returned, returned
from linli.ledger.review.weekly import ReviewError, complete
from linli.ledger.staff.roles import Right
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.photos import sent_photos
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/console")
HEAD = ("编号", "姓名", "楼栋", "事项", "日期", "分值", "退回理由", "退回时间")


@routes.get("/returned")
def show_returned(
    request: Request, site: Here, visitor: Reader, q: str = "", format_: Format = ""
) -> Response:
    with reading(site.engine) as connection:
        every = returned(connection, visitor.scope)
        deeds = read_deeds(connection, [one.deed for one in every])
        standards = site.shelf.read(connection)
        names = {of.id: standards.name_of(of.item, of.day) for of in deeds.values()}
        bearers = read_holders(connection, {of.account for of in deeds.values()})

        def told(one: Returned) -> Sequence[object]:
            of = deeds[one.deed]
            return _row(one, of, bearers[of.account], names[of.id])

        found = [one for one in every if has(q, *told(one)[:4], one.reason)]
        if format_:
            return as_file(format_, f"returned-{visitor.scope}", HEAD, map(told, found))
        page = cut(found, request)
        ids = [one.deed for one in page.rows]
        return console_page(
            request,
            visitor,
            "returned.html",
            page=page,
            deeds=deeds,
            names=names,
            bearers=bearers,
            q=q,
            evidence=dict.fromkeys(ids) | read_evidence(connection, ids),
            by_hand=dict.fromkeys(ids) | signed_entries(connection, ids),
            at_desk=visitor.may(Right.DESK),
        )


def _row(one: Returned, of: Deed, bearer: Holder, item: str) -> Sequence[object]:
    return (
        of.id,
        bearer.name_masked,
        bearer.building_name,
        item,
        of.day,
        of.points,
        one.reason,
        moment(one.at),
    )


@routes.post("/returned")
def add_what_lacked(request: Request, site: Here, visitor: Reader, form: Form) -> Response:
    if not (visitor.may(Right.DESK) or visitor.may(Right.REVIEW)):
        raise Refused(403, "补充材料由服务台或者考评小组填写。")
    id_, what, now = form.text("deed"), form.text("what"), site.clock.now()
    try:
        photos = sent_photos(form)
        with site.engine.begin() as connection:
            if id_ not in {one.deed for one in returned(connection, visitor.scope)}:
                raise Refused(409, "这件事没有在等补充：可能别人已经补充过了。")
            _complete(connection, visitor, id_, what, photos, now)
            note(connection, visitor.signature, f"complete {id_}", None, what[:LONGEST], now)
    except (ReviewError, DeclarationError) as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, "/console/returned", "已补充，回到审核名单原来的位置。")


def _complete(
    connection: Connection,
    visitor: Visitor,
    id_: str,
    what: str,
    photos: list[Photo],
    now: dt.datetime,
) -> None:
    """What was written down is completed by who wrote it down, or at the desk in their name: who
    decides on it adds nothing to it. Raises Refused, ReviewError, DeclarationError."""
    if id_ in signed_entries(connection, [id_]):
        complete_entry(connection, id_, visitor.worker, what, photos, now)
    elif id_ not in read_evidence(connection, [id_]):
        complete(connection, id_, what, now)
    elif visitor.may(Right.DESK):
        account = read_deeds(connection, [id_])[id_].account
        complete_declared(connection, account, id_, what, photos, now)
    else:
        raise Refused(403, "手机申报由本人或者服务台补充，考评小组只审核。")
