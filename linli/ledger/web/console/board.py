"""社区电子屏: which pages boards show, when they are dimmed, and urgent messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.board.plan import DEFAULT, SECONDS
from linli.board.state import Tab
from linli.ledger.board.checks import LONGEST_TEXT, BoardError
from linli.ledger.board.planning import end_urgent, say_urgent, set_plan
from linli.ledger.database import reading
from linli.ledger.feed.board import read_plan, read_urgent
from linli.ledger.people.access_log import note
from linli.ledger.staff.roles import Right
from linli.ledger.staff.submissions import first_time
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.sync.messages import BoardPage, BoardPlanRow
from linli.sync.periods import RANKED, SHANGHAI

T = TypeVar("T")
BOARD = "/console/board"
routes = APIRouter(prefix=BOARD)
DARKER = (0, 30, 45, 60, 75, 90)
ONE_HOUR = dt.timedelta(hours=1)


def planner(visitor: Reader) -> Visitor:
    """Who works with the people of the community."""
    if not _may_plan(visitor):
        raise Refused(403, "电子屏由服务台和考评小组安排。")
    return visitor


Planner = Annotated[Visitor, Depends(planner)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page as the form shows it."""

    tab: Tab
    on: bool
    seconds: int
    first: str
    last: str


@routes.get("")
def show(request: Request, site: Here, visitor: Reader) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        plan = read_plan(connection, visitor.scope) or DEFAULT
        said = read_urgent(connection, visitor.scope, now)
    return console_page(
        request,
        visitor,
        "board.html",
        plan=plan,
        pages=_pages(plan),
        periods=RANKED,
        darker=DARKER,
        said=said,
        longest=LONGEST_TEXT,
        from_=_local(now),
        until=_local(now + 2 * ONE_HOUR),
        may_plan=_may_plan(visitor),
    )


@routes.post("/plan")
def plan_(request: Request, site: Here, visitor: Planner, form: Form) -> Response:
    wanted = BoardPlanRow(
        pages=_listed(form),
        periods=[per for per in RANKED if per in form.texts("per")],
        dim_from=_clock(form, "dim_from"),
        dim_until=_clock(form, "dim_until"),
        dim_percent=form.whole("dim_percent"),
    )

    def work(connection: Connection, now: dt.datetime) -> bool:
        return set_plan(connection, visitor.scope, wanted, visitor.worker.login, now)

    pages = ", ".join(one.page for one in wanted.pages)
    _change(site, visitor, form, "plan the board", pages, work)
    return go(request, BOARD, "已保存，本社区的电子屏马上按新的安排轮播。")


@routes.post("/urgent")
def say(request: Request, site: Here, visitor: Planner, form: Form) -> Response:
    text, starts, until = form.text("text"), _moment(form, "from"), _moment(form, "until")

    def work(connection: Connection, now: dt.datetime) -> int:
        by = visitor.worker.login
        return say_urgent(connection, visitor.scope, text, starts, until, by, now)

    _change(site, visitor, form, "urgent message on the board", text, work)
    return go(request, BOARD, "紧急通知已发出，到时间自动结束。")


@routes.post("/urgent/end")
def end(request: Request, site: Here, visitor: Planner, form: Form) -> Response:
    number = form.whole("number")

    def work(connection: Connection, now: dt.datetime) -> bool:
        return end_urgent(connection, visitor.scope, number, visitor.worker.login, now)

    _change(site, visitor, form, f"end urgent message {number}", "it is over", work)
    return go(request, BOARD, "紧急通知已撤下。")


def _change(
    site: Site,
    visitor: Visitor,
    form: Posted,
    what: str,
    why: str,
    work: Callable[[Connection, dt.datetime], T],
) -> None:
    """Once for each form, and written down. Raises Refused where it cannot be."""
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            if not first_time(connection, form.token, visitor.worker.login, now):
                return
            work(connection, now)
            note(connection, visitor.signature, what, None, why[:200], now)
    except BoardError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()


def _may_plan(visitor: Visitor) -> bool:
    return visitor.may(Right.DESK) or visitor.may(Right.REVIEW)


def _pages(plan: BoardPlanRow) -> Sequence[Wanted]:
    """Those that run in their order, then all others."""
    known = {tab.value: tab for tab in Tab}
    on = [one for one in plan.pages if one.page in known]
    off = [tab for tab in Tab if tab not in {one.page for one in on}]
    return [
        *(
            Wanted(known[one.page], True, one.seconds, one.first, one.last.replace("24:", "00:"))
            for one in on
        ),
        *(Wanted(tab, False, SECONDS[tab], "00:00", "00:00") for tab in off),
    ]


def _listed(form: Posted) -> list[BoardPage]:
    """In the order of the numbers typed; alike ones in the order of the form."""
    ticked = [tab for tab in form.texts("page") if tab in set(Tab)]
    ordered = sorted(ticked, key=lambda tab: form.whole(f"order-{tab}"))
    return [
        BoardPage(
            page=tab,
            seconds=form.whole(f"seconds-{tab}"),
            first=_clock(form, f"first-{tab}"),
            last=_clock(form, f"last-{tab}").replace("00:00", "24:00"),
        )
        for tab in ordered
    ]


def _clock(form: Posted, name: str) -> str:
    """HH:MM. Raises Refused."""
    try:
        return f"{dt.time.fromisoformat(form.text(name)):%H:%M}"
    except ValueError:
        raise Refused(422, "请把时间写成像 08:30 这样。") from None


def _moment(form: Posted, name: str) -> dt.datetime:
    """Of a clock on the wall here. Raises Refused."""
    try:
        found = dt.datetime.fromisoformat(form.text(name))
        if found.tzinfo is not None or not 2000 < found.year < 2200:
            raise ValueError(found)
        return found.replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(422, "请选好开始和结束的日期和时间。") from None


def _local(at: dt.datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
