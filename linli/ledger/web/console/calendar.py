"""The calendar page (工作日程): what fell due, what was done, what waits and why."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from linli.ledger.cadence.calendar import DISTRICT, Calendar, Kind
from linli.ledger.cadence.running import CalendarError, Entry, entries, set_calendar, upcoming
from linli.ledger.cadence.schema import calendar
from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.web.chinese import in_chinese, translated
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Administrator, Reader
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment, period
from linli.ledger.web.site import Here
from linli.ledger.web.words import DUTY
from linli.sync.periods import period_of

CALENDAR = "/console/calendar"
routes = APIRouter(prefix=CALENDAR)
HEAD = ("到期", "事项", "范围", "期间", "办理", "结果")
STATES = {"waiting": "等待", "done": "已办"}


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    kind: str = "",
    state: str = "",
    year: str = "",
    format_: Format = "",
) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        ours = (visitor.scope, DISTRICT)
        every = [entry for entry in entries(connection, now) if entry.duty.scope in ours]
        following = [duty for duty in upcoming(connection, now) if duty.scope in ours]
        following = [duty for duty in following if duty.kind is not Kind.VOUCHERS]
        own = connection.execute(select(calendar).where(calendar.c.scope == visitor.scope)).first()
    years = sorted({str(entry.duty.due_at.year) for entry in every}, reverse=True)
    found = [
        entry
        for entry in every
        if kind in ("", entry.duty.kind.value)
        and state in ("", _state(entry))
        and year in ("", str(entry.duty.due_at.year))
    ]
    if format_:
        return as_file(format_, f"calendar-{visitor.scope}", HEAD, map(_row, found))
    return console_page(
        request,
        visitor,
        "calendar.html",
        kind=kind,
        state=state,
        states=STATES,
        year=year,
        years=years,
        page=cut(found, request),
        own=own,
        following=following,
        this_month=period_of(now, "month"),
    )


def _state(entry: Entry) -> str:
    return "waiting" if entry.done_at is None else "done"


def _row(entry: Entry) -> Sequence[object]:
    of = entry.duty
    return (
        moment(of.due_at),
        DUTY[of.kind.value],
        "全区" if of.scope == DISTRICT else of.scope,
        period(of.period),
        moment(entry.done_at) if entry.done_at else STATES["waiting"],
        translated(entry.outcome),
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
