"""社区故事: the stories on show, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.feed.stories import count_on_show, stories_on_show
from linli.ledger.web.listing import Format, Listing, as_file, page_number
from linli.ledger.web.public.drawing import around, kept, public_page
from linli.ledger.web.site import Here
from linli.ledger.web.words import AWARD
from linli.sync.messages import StoryRow
from linli.sync.periods import business_day

routes = APIRouter(prefix="/c/{scope}/stories")
PER_PAGE = 20
HEAD = ("标题", "内容", "姓名", "称号", "日期")


@routes.get("")
def stories(request: Request, site: Here, scope: str, format_: Format = "") -> Response:
    number = page_number(request)
    with reading(site.engine) as connection:
        here = around(connection, scope)
        if format_:
            lines = map(_row, stories_on_show(connection, scope, None))
            return kept(request, as_file(format_, f"stories-{scope}", HEAD, lines))
        rows = stories_on_show(connection, scope, PER_PAGE, (number - 1) * PER_PAGE)
        page = Listing(rows, number, count_on_show(connection, scope), request, PER_PAGE)
        return public_page(request, here, "stories.html", page=page)


def _row(one: StoryRow) -> Sequence[object]:
    honour = f"{one.year} 年{AWARD[one.honour]}" if one.honour else ""
    return (one.title, one.text, one.name, honour, business_day(one.at))
