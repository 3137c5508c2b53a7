"""Neighbours' stories (邻里故事): one writes, another approves, anybody takes down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.activities.schema import activity
from linli.ledger.awards.reading import honours
from linli.ledger.database import reading
from linli.ledger.feed.stories import may_show
from linli.ledger.people.access_log import note
from linli.ledger.people.directory import read_holders
from linli.ledger.staff.roles import Right
from linli.ledger.staff.schema import staff
from linli.ledger.stories.checks import TEXT_LONGEST, TITLE_LONGEST, StoryError
from linli.ledger.stories.reading import State, Story, count_stories, read_story, stories
from linli.ledger.stories.writing import Draft, approve, take_down, write
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.listing import LONGEST_SOUGHT, Format, Listing, as_file, page_number
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import AWARD, STORY

routes = APIRouter(prefix="/console/stories")
STORIES = "/console/stories"
PER_PAGE = 20
HEAD = ("编号", "标题", "内容", "写的是", "称号", "状态", "撰写", "撰写时间", "复核", "撤下原因")
SESSIONS = 20
"""Activities that a story may be said to come from: the newest."""


def storyteller(visitor: Reader) -> Visitor:
    """Who works with the people of the community."""
    if not (visitor.may(Right.DESK) or visitor.may(Right.REVIEW)):
        raise Refused(403, "故事由服务台和考评小组撰写、复核。")
    return visitor


Teller = Annotated[Visitor, Depends(storyteller)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as staff see it: `about` is a masked name, `agreed` whether the board may show it,
    `honour` what it was given for."""

    story: Story
    about: str
    agreed: bool
    honour: str
    written_by: str
    approved_by: str


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    state: str = "",
    q: str = "",
    format_: Format = "",
) -> Response:
    text, number = q.strip()[:LONGEST_SOUGHT], page_number(request)
    chosen = State(state) if state in list(State) else None
    with reading(site.engine) as connection:
        if format_:
            every = stories(connection, visitor.scope, chosen, text, most=None)
            rows = map(_row, _shown(connection, visitor.scope, every))
            return as_file(format_, f"stories-{visitor.scope}", HEAD, rows)
        total = count_stories(connection, visitor.scope, chosen, text)
        offset = (number - 1) * PER_PAGE
        found = stories(connection, visitor.scope, chosen, text, most=PER_PAGE, offset=offset)
        shown = _shown(connection, visitor.scope, found)
        return console_page(
            request,
            visitor,
            "stories.html",
            page=Listing(shown, number, total, request, PER_PAGE),
            chosen=chosen,
            q=text,
            states=list(State),
            tells=visitor.may(Right.DESK) or visitor.may(Right.REVIEW),
        )


def _row(one: Shown) -> Sequence[object]:
    of = one.story
    return (
        of.number,
        of.title,
        of.text,
        one.about,
        one.honour,
        STORY[of.state.value],
        one.written_by,
        moment(of.written_at),
        one.approved_by,
        of.taken_down_why or "",
    )


@routes.get("/new")
def new(request: Request, site: Here, visitor: Teller) -> Response:
    return _form(request, site, visitor, {}, "")


@routes.post("/new")
def keep(request: Request, site: Here, visitor: Teller, form: Form) -> Response:
    typed = {
        name: form.text(name) for name in ("title", "text", "account", "certificate", "activity")
    }
    draft = Draft(
        title=typed["title"],
        text=typed["text"],
        account=typed["account"] or None,
        certificate=typed["certificate"] or None,
        activity=typed["activity"] or None,
    )
    now = site.clock.now()
    try:
        with site.engine.begin() as connection:
            number = write(connection, visitor.scope, draft, visitor.worker.login, now)
            what = f"write story {number}"
            note(connection, visitor.signature, what, draft.account, draft.title[:200], now)
    except StoryError as error:
        return _form(request, site, visitor, typed, in_chinese(str(error)), 422)
    return go(request, STORIES, "已保存。请另一位同事复核，复核后就在社区电子屏上展示。")


@routes.post("/approve")
def put_up(request: Request, site: Here, visitor: Teller, form: Form) -> Response:
    number, now = _of_here(site, visitor, form), site.clock.now()
    try:
        with site.engine.begin() as connection:
            if approve(connection, number, visitor.worker.login, now):
                note(connection, visitor.signature, f"approve story {number}", None, "read it", now)
    except StoryError as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    return go(request, STORIES, "已复核，正在电子屏和网页上展示。")


@routes.post("/down")
def take_off(request: Request, site: Here, visitor: Teller, form: Form) -> Response:
    number, why, now = _of_here(site, visitor, form), form.text("why"), site.clock.now()
    try:
        with site.engine.begin() as connection:
            if take_down(connection, number, visitor.worker.login, why, now):
                note(connection, visitor.signature, f"take down story {number}", None, why, now)
    except StoryError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, STORIES, "已撤下，电子屏和网页上不再显示。")


def _of_here(site: Here, visitor: Visitor, form: Posted) -> int:
    """The story that the form names. Raises Refused for another community's."""
    number = form.whole("number")
    with reading(site.engine) as connection:
        found = read_story(connection, number)
    if found is None or found.scope != visitor.scope:
        raise Refused(404, "没有这个故事，可能是别的社区的。")
    return number


def _form(
    request: Request,
    site: Here,
    visitor: Visitor,
    typed: dict[str, str],
    error: str,
    status: int = 200,
) -> Response:
    with reading(site.engine) as connection:
        given = honours(connection, visitor.scope)
        names = read_holders(connection, {one.account for one in given})
        query = (
            select(activity.c.id, activity.c.title, activity.c.starts_at)
            .where(activity.c.scope == visitor.scope, activity.c.starts_at <= site.clock.now())
            .order_by(activity.c.starts_at.desc())
        )
        sessions = connection.execute(query.limit(SESSIONS)).all()
    return console_page(
        request,
        visitor,
        "story.html",
        status,
        typed=typed,
        error=error,
        honours=[
            (one.number, f"{one.year} 年{AWARD[one.title.value]} {names[one.account].name_masked}")
            for one in given
        ],
        sessions=sessions,
        title_longest=TITLE_LONGEST,
        text_longest=TEXT_LONGEST,
    )


def _shown(connection: Connection, scope: str, rows: Sequence[Story]) -> list[Shown]:
    holders = read_holders(connection, {one.account for one in rows if one.account})
    given = {
        one.number: f"{one.year} 年{AWARD[one.title.value]}" for one in honours(connection, scope)
    }
    workers = {r.login: r.name for r in connection.execute(select(staff.c.login, staff.c.name))}
    return [
        Shown(
            story=one,
            about=holders[one.account].name_masked if one.account else "",
            agreed=may_show(connection, one.account),
            honour=given.get(one.certificate or "", ""),
            written_by=workers.get(one.written_by, one.written_by),
            approved_by=workers.get(one.approved_by or "", one.approved_by or ""),
        )
        for one in rows
    ]
