"""The community board as a web page, for any smart TV: the same pages as the board's own program.

The page holds no login and no cookie. It hears of changes by server-sent events
(https://html.spec.whatwg.org/multipage/server-sent-events.html) and fetches all pages anew.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from sqlalchemy import Connection, select

from linli import __version__
from linli.assets.words import Words
from linli.board import phrases
from linli.board.picture import Line, steps_of, surroundings, turned_to
from linli.board.plan import DEFAULT
from linli.board.state import BoardState, Urgent
from linli.board.turning import Page, Step
from linli.ledger.board.source import LedgerSource
from linli.ledger.database import reading
from linli.ledger.feed.board import read_urgent
from linli.ledger.feed.schema import change, feed_head
from linli.ledger.web.public.board_watch import BoardWatch
from linli.ledger.web.public.drawing import Around, around, kept
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import environment
from linli.ledger.web.site import Here, Site
from linli.sync.messages import Stream, UrgentRow
from linli.sync.periods import SHANGHAI

routes = APIRouter(prefix="/board")
Language = Annotated[str, Query(alias="lang", pattern="^(zh_CN|en)$")]
RETRY_MS = 3000
STATIC = Path(__file__).parents[1] / "static"
KEPT_PAGES = 64


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page with the name that steps know it by."""

    key: str
    state: BoardState


class Kept:
    """Pages of one ledger that were drawn already: a hundred boards of a community ask at the same
    moment."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[object, ...], str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> str | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, key: tuple[object, ...], page: str) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)


@routes.get("/keep.js")
def keeper() -> Response:
    """The page's service worker; from here, it looks after boards and nothing else."""
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(STATIC / "board_sw.js", media_type="text/javascript", headers=headers)


@routes.get("/{scope}")
def board(request: Request, site: Here, scope: str, lang: Language = "zh_CN") -> Response:
    with reading(site.engine) as connection:
        here = around(connection, scope)
    shell = environment().get_template("board/board.html")
    return kept(request, HTMLResponse(shell.render(here=here, language=lang)))


@routes.get("/{scope}/pages")
def pages(request: Request, site: Here, scope: str, lang: Language = "zh_CN") -> Response:
    """All pages of the round, as they are now."""
    now = site.clock.now()
    with reading(site.engine) as connection:
        here = around(connection, scope)
        number = _head(connection, scope)
        key = (scope, number, lang, f"{now:%Y%m%d%H%M}")
        drawn: Kept = request.app.state.board_pages
        body = drawn.get(key)
        if body is None:
            body = _draw(connection, here, number, Words(lang), now)
            drawn.put(key, body)
    return kept(request, HTMLResponse(body))


@routes.get("/{scope}/changes")
async def changes(request: Request, scope: str) -> Response:
    """A stream of events: `hello` with the program's version, then `change` with the number of the
    feed's newest change each time there is one."""
    site: Site = request.app.state.site
    watch: BoardWatch = request.app.state.board_watch
    if watch.is_full:
        raise Refused(503, "打开的电子屏太多了，请稍后再试。")
    _require(site, scope)

    async def events() -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\nevent: hello\ndata: {__version__}\n\n"
        async for number in watch.follow(scope):
            yield ": still here\n\n" if number is None else f"event: change\ndata: {number}\n\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


def _require(site: Site, scope: str) -> None:
    with reading(site.engine) as connection:
        around(connection, scope)


def _head(connection: Connection, scope: str) -> int:
    query = select(feed_head.c.number).where(
        feed_head.c.scope == scope, feed_head.c.stream == Stream.CHANGES.value
    )
    return connection.execute(query).scalar() or 0


def _draw(connection: Connection, here: Around, number: int, words: Words, now: dt.datetime) -> str:
    source = LedgerSource(connection, here.scope, now)
    steps = steps_of(source, now)
    line = Line(online=True, updated_at=_told_at(connection, here.scope, number), record=number)
    beside = surroundings(source, now.astimezone(SHANGHAI), place=here.name, line=line)
    every = dict.fromkeys(page for step in steps for page in step.pages)
    drawn = [Drawn(_key(page), turned_to(source, beside, page)) for page in every]
    plan = source.board_plan() or DEFAULT
    schedule = {
        "steps": [_step(step) for step in steps],
        "dim": [plan.dim_from, plan.dim_until, plan.dim_percent],
        "now": round(now.timestamp() * 1000),
    }
    return markup(drawn, beside, schedule, read_urgent(connection, here.scope, now), words)


def markup(
    drawn: Sequence[Drawn],
    beside: BoardState,
    schedule: Mapping[str, object],
    urgent: Sequence[UrgentRow],
    words: Words,
) -> str:
    """What a board page takes in whole. Pure."""
    return (
        environment()
        .get_template("board/pages.html")
        .render(
            drawn=drawn,
            beside=beside,
            first=next((one.state.first for one in drawn if one.state.first), ()),
            say=words,
            phrases=phrases,
            schedule=json.dumps(schedule),
            urgent=[(one, _until(one, beside.now, words)) for one in urgent],
            today=beside.now.date(),
            day=dt.timedelta(days=1),
        )
    )


def _told_at(connection: Connection, scope: str, number: int) -> dt.datetime | None:
    query = select(change.c.at).where(
        change.c.scope == scope, change.c.stream == Stream.CHANGES.value, change.c.number == number
    )
    at: dt.datetime | None = connection.execute(query).scalar()
    return None if at is None else at.astimezone(SHANGHAI)


def _until(one: UrgentRow, now: dt.datetime, words: Words) -> str:
    said = Urgent(one.text, one.until.astimezone(SHANGHAI))
    return phrases.urgent_until(said, now.astimezone(SHANGHAI).date(), words)


def _step(step: Step) -> dict[str, object]:
    return {"keys": [_key(page) for page in step.pages], "seconds": step.seconds}


def _key(page: Page) -> str:
    return f"{page.tab}-{page.item or page.per}"
