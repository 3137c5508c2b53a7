"""The calendar page (工作日程): what fell due, what was done, what waits and why."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from linli.ledger.cadence.calendar import DISTRICT, Calendar, Kind
from linli.ledger.cadence.running import CalendarError, entries, set_calendar, upcoming
from linli.ledger.cadence.schema import calendar
from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Administrator, Reader
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.sync.periods import period_of

CALENDAR = "/console/calendar"
routes = APIRouter(prefix=CALENDAR)


@routes.get("")
def show(request: Request, site: Here, visitor: Reader) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        ours = (visitor.scope, DISTRICT)
        found = [entry for entry in entries(connection, now) if entry.duty.scope in ours]
        following = [duty for duty in upcoming(connection, now) if duty.scope in ours]
        following = [duty for duty in following if duty.kind is not Kind.VOUCHERS]
        own = connection.execute(select(calendar).where(calendar.c.scope == visitor.scope)).first()
    return console_page(
        request,
        visitor,
        "calendar.html",
        page=cut(found, request),
        own=own,
        following=following,
        this_month=period_of(now, "month"),
    )


@routes.post("")
def change(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    scope = form.text("scope")
    if scope not in dict(visitor.communities):
        raise Refused(422, "没有这个社区，请从列表里选。")
    days = [form.whole(name) for name in ("freeze_day", "notice_days", "window_days")]
    wanted = Calendar(scope, form.text("first_month"), *days)
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            set_calendar(connection, wanted)
            why = f"frozen on day {wanted.freeze_day}, shown {wanted.notice_days} days"
            note(connection, visitor.signature, f"set calendar of {scope}", None, why, now)
    except CalendarError as error:
        raise Refused(422, in_chinese(str(error))) from error
    return go(request, f"{CALENDAR}?scope={scope}", "日程已更新，以后的月份按新的办。")
