"""The weekly review (每周审核): the queue, one deed, opinions, and the minutes of past weeks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.declarations.reading import signed_entries
from linli.ledger.documents.render import pdf
from linli.ledger.people.access_log import LONGEST, note
from linli.ledger.people.directory import read_holders
from linli.ledger.review.history import decisions_on, weeks, words_on
from linli.ledger.review.minutes import week_minutes
from linli.ledger.review.opening import open_case
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import members, quorum_of
from linli.ledger.review.queue import Case, cases, read_cases
from linli.ledger.review.risk import Doubt
from linli.ledger.review.shown import Shown, show
from linli.ledger.review.weekly import ReviewError, Said, StaleError, Taken, say
from linli.ledger.staff.roles import Right
from linli.ledger.standard.versions import Standards
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Reviewer, Visitor
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download, go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import CHOICE, DOUBT, KIND, STATE

routes = APIRouter(prefix="/console")
REVIEW = "/console/review"
CLEAN, DOUBTED, MINE = "clean", "doubted", "mine"
WEEKS_HEAD = ("周", "认定", "驳回", "退回")
HEAD = ("编号", "姓名", "类别", "楼栋", "事项", "活动", "日期", "分值", "疑点", "状态")


def onlooker(visitor: Reader) -> Visitor:
    """A member of the panel, or somebody who oversees it."""
    if not (visitor.may(Right.REVIEW) or visitor.may(Right.OVERSEE)):
        raise Refused(403, "审核名单只对考评小组和监督员开放。")
    return visitor


Onlooker = Annotated[Visitor, Depends(onlooker)]


@routes.get("/review")
def queue(
    request: Request,
    site: Here,
    visitor: Onlooker,
    show_: Annotated[str, Query(alias="show")] = "",
    item: str = "",
    q: str = "",
    format_: Format = "",
) -> Response:
    member = visitor.worker.account if visitor.may(Right.REVIEW) else None
    with reading(site.engine) as connection:
        standards = site.shelf.read(connection)
        every = cases(connection, visitor.scope)
        chosen = [case for case in every if _wanted(case, show_, item, member)]
        if q.strip():
            chosen = _sought(connection, chosen, q, standards)
        if format_:
            shown = show(connection, chosen, standards, member)
            return as_file(format_, f"review-{visitor.scope}", HEAD, map(_row, shown))
        page = cut(chosen, request)
        there = {doubt for case in every for doubt in case.doubts}
        seats = members(connection, visitor.scope, site.clock.now())
        return console_page(
            request,
            visitor,
            "review.html",
            page=page,
            shown=show(connection, page.rows, standards, member),
            total=len(every),
            doubted=sum(1 for case in every if case.doubts),
            items=sorted({case.deed.item for case in every}),
            doubts=[doubt for doubt in Doubt if doubt in there],
            chosen_show=show_,
            chosen_item=item,
            q=q,
            quorum=quorum_of(connection, visitor.scope),
            seats=len(seats),
            sits=member in seats,
            member=member,
        )


def _sought(
    connection: Connection, some: Sequence[Case], q: str, standards: Standards
) -> list[Case]:
    """By who did it, where they live, what it is called or its number: before all that a page shows
    of each is read."""
    bearers = read_holders(connection, {case.deed.account for case in some})
    return [
        case
        for case in some
        if has(
            q,
            case.deed.id,
            bearers[case.deed.account].name_masked,
            bearers[case.deed.account].building_name,
            standards.name_of(case.deed.item, case.deed.day),
        )
    ]


def _wanted(case: Case, show_: str, item: str, member: str | None) -> bool:
    if item and case.deed.item != item:
        return False
    match show_:
        case "":
            return True
        case "clean":
            return not case.doubts
        case "doubted":
            return bool(case.doubts)
        case "mine":
            return member not in case.opinions
        case doubt:
            return doubt in case.doubts


def _row(one: Shown) -> Sequence[object]:
    of = one.case.deed
    return (
        of.id,
        one.bearer.name_masked,
        KIND[one.bearer.kind.value],
        one.bearer.building_name,
        one.item_name,
        one.activity.row.title if one.activity else "",
        of.day,
        of.points,
        "、".join(DOUBT[doubt] for doubt in one.case.doubts),
        STATE[of.state],
    )


@routes.post("/review")
def decide(request: Request, site: Here, visitor: Reviewer, form: Form) -> Response:
    said = _said(form)
    back = form.text("back")
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            standards = site.shelf.read(connection)
            taken = say(connection, visitor.scope, visitor.account, said, standards, now)
            _write_down(connection, visitor, said, now)
    except StaleError as error:
        raise Refused(409, in_chinese(str(error))) from error
    except ReviewError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    to = back if back.startswith(f"{REVIEW}?") else REVIEW
    return go(request, to, _summary(taken))


def _said(form: Posted) -> list[Said]:
    """What the form says of each chosen deed, with the mark of what was shown. Raises Refused."""
    chosen = form.texts("deed")
    if not chosen:
        raise Refused(422, "还没有选择要审核的事项。请返回勾选后再提交。")
    if form.text("choice") not in {choice.value for choice in Choice}:
        raise Refused(422, "请选择认定、驳回或者退回补充。")
    choice, reason = Choice(form.text("choice")), form.text("reason")
    if len(reason) > LONGEST:
        raise Refused(422, f"理由最多 {LONGEST} 个字，请写短一些再提交。")
    return [Said(id_, choice, form.text(f"seen:{id_}"), reason) for id_ in chosen]


def _write_down(
    connection: Connection, visitor: Visitor, said: Sequence[Said], now: object
) -> None:
    for one in said:
        what = f"review {one.deed}: {one.choice.value}"
        note(connection, visitor.signature, what, None, one.reason or "no doubt", now)  # type: ignore[arg-type]


def _summary(taken: Taken) -> str:
    parts = []
    for choice in Choice:
        if count := sum(1 for decided in taken.decided.values() if decided is choice):
            parts.append(f"{CHOICE[choice.value]} {count} 件")
    if taken.waiting:
        parts.append(f"{len(taken.waiting)} 件已记下您的意见，等其他成员")
    return "、".join(parts) + "。"


@routes.get("/review/deed")
def one_deed(request: Request, site: Here, visitor: Onlooker, id: str) -> Response:
    member = visitor.worker.account if visitor.may(Right.REVIEW) else None
    if member is not None:
        _open(site, visitor.scope, member, id)
    with reading(site.engine) as connection:
        found = read_cases(connection, [id])
        if id not in found:
            raise Refused(404, "这件事不在待审名单里：可能已经审完，或者退回补充了。")
        (shown,) = show(connection, [found[id]], site.shelf.read(connection), member)
        if shown.bearer.scope != visitor.scope:
            raise Refused(403, "这件事属于别的社区，由那里的考评小组审核。")
        return console_page(
            request,
            visitor,
            "deed.html",
            one=shown,
            words_said=words_on(connection, id),
            decisions=decisions_on(connection, id),
            hands=signed_entries(connection, [id]).get(id),
            quorum=quorum_of(connection, visitor.scope),
            member=member,
        )


def _open(site: Site, scope: str, member: str, deed_id: str) -> None:
    """Whoever waits for it is told that the panel has looked; who does not sit on it only reads."""
    with site.engine.begin() as connection, suppress(ReviewError):
        open_case(connection, scope, member, deed_id, site.clock.now())


@routes.get("/review/weeks")
def past_weeks(
    request: Request, site: Here, visitor: Reader, year: str = "", format_: Format = ""
) -> Response:
    with reading(site.engine) as connection:
        every = weeks(connection, visitor.scope)
    found = [one for one in every if one.week.startswith(year)]
    if format_:
        lines = ((one.week, one.posted, one.voided, one.returned) for one in found)
        return as_file(format_, f"weeks-{visitor.scope}", WEEKS_HEAD, lines)
    years = sorted({one.week[:4] for one in every}, reverse=True)
    page = cut(found, request)
    return console_page(request, visitor, "weeks.html", page=page, year=year, years=years)


@routes.get("/review/minutes/{week}")
def minutes(site: Here, visitor: Reader, week: str) -> Response:
    with reading(site.engine) as connection:
        try:
            standards = site.shelf.read(connection)
            found = week_minutes(connection, visitor.scope, week, standards, visitor.community)
        except (ReviewError, ValueError) as error:
            raise Refused(404, in_chinese(str(error))) from error
    return download(pdf(found), f"minutes-{visitor.scope}-{week}.pdf", "application/pdf")
