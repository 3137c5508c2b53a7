"""社区故事: the stories on show, newest first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.feed.stories import count_on_show, stories_on_show
from linli.ledger.web.listing import Listing, page_number
from linli.ledger.web.public.drawing import around, public_page
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/c/{scope}/stories")
PER_PAGE = 20


@routes.get("")
def stories(request: Request, site: Here, scope: str) -> Response:
    number = page_number(request)
    with reading(site.engine) as connection:
        here = around(connection, scope)
        rows = stories_on_show(connection, scope, PER_PAGE, (number - 1) * PER_PAGE)
        page = Listing(rows, number, count_on_show(connection, scope), request, PER_PAGE)
        return public_page(request, here, "stories.html", page=page)
