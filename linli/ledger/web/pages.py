"""All pages for people, put together."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

import linli.assets
from linli.ledger.web.console.routes import CONSOLE_ROUTES
from linli.ledger.web.hardening import Hardening
from linli.ledger.web.merchant.routes import MERCHANT_ROUTES
from linli.ledger.web.phone.routes import PHONE_ROUTES
from linli.ledger.web.public.board import Kept
from linli.ledger.web.public.board_watch import BoardWatch
from linli.ledger.web.public.routes import PUBLIC_ROUTES
from linli.ledger.web.site import Site

STATIC = Path(__file__).with_name("static")
FONTS = Path(linli.assets.__file__).with_name("fonts")
"""Built at set-up; where they are not, boards show what the television has."""
A_DAY = "public, max-age=86400"
ROUTES = (*PUBLIC_ROUTES, *CONSOLE_ROUTES, *PHONE_ROUTES, *MERCHANT_ROUTES)


class _Static(StaticFiles):
    """Their addresses carry the version: a browser may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = A_DAY
        return response


def serve_pages(app: FastAPI, site: Site) -> None:
    app.add_middleware(Hardening, secure=site.secure)
    app.mount("/static", _Static(directory=STATIC))
    app.mount("/fonts", _Static(directory=FONTS, check_dir=False))
    app.state.board_watch = BoardWatch(site.engine)
    app.state.board_pages = Kept()
    app.router.routes.extend(_pages().routes)


@cache
def _pages() -> APIRouter:
    """They know nothing of an application, so all applications share them: FastAPI reads each
    page's signature anew for every one that includes it, a tenth of a second for all."""
    pages = APIRouter()
    for routes in ROUTES:
        pages.include_router(routes, include_in_schema=False)
    return pages
