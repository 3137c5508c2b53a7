"""Publishing an adjustment: what it will do is shown first, and just that is published."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.activities.reading import planned_with
from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.staff.roles import Right
from linli.ledger.standard.changes import items_of
from linli.ledger.standard.drafting import newest_version
from linli.ledger.standard.faults import AdjustError
from linli.ledger.standard.publishing import next_version, publish
from linli.ledger.standard.sets import read_set
from linli.ledger.standard.shown import Turn
from linli.ledger.surveys.beside import still_asked
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.adjusting import STANDARD, Drafter, changing
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Leader
from linli.ledger.web.console.standard import refused, shown_items
from linli.ledger.web.forms import Form
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.sync.periods import SHANGHAI, business_day

routes = APIRouter(prefix=STANDARD)


@routes.get("/{id_}/preview")
def preview(request: Request, site: Here, visitor: Drafter, id_: str) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        try:
            of, base = read_set(connection, id_), newest_version(connection)
        except AdjustError as error:
            raise refused(error) from error
        wrong, doc = "", None
        try:
            doc = next_version(connection, of, business_day(now))
        except AdjustError as error:
            wrong = in_chinese(str(error))
        shown = shown_items(of, base)
        gone = {one.code: one.name for one in shown if one.turn is Turn.WITHDRAWN}
        asked = still_asked(connection, of, now)
        planned = planned_with(connection, list(gone), _midnight(of.effective_on))
        return console_page(
            request,
            visitor,
            "publishing.html",
            of=of,
            shown=shown,
            doc=doc,
            wrong=wrong,
            items=0 if doc is None else len(items_of(doc)),
            planned=[(gone[code], count) for code, count in sorted(planned.items())],
            asked={one.id: one for some in asked.values() for one in some}.values(),
            leads=visitor.may(Right.LEAD),
        )


@routes.post("/{id_}/publish")
def put_in_force(request: Request, site: Here, visitor: Leader, form: Form, id_: str) -> Response:
    now = site.clock.now()
    with changing(site) as connection:
        doc = publish(connection, id_, form.text("seen"), visitor.worker.name, now)
        what = f"publish {id_} as version {doc.version}"
        note(connection, visitor.signature, what, None, f"from {doc.effective_from}", now)
    site.committed()
    return go(request, f"{STANDARD}/{id_}", f"{doc.version} 版已发布，可以下载公告张贴。")


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI)
