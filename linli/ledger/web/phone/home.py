"""The first page: who one is here, and what one can do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.phone.navigation import tiles_for
from linli.ledger.web.phone.shop import purse_of
from linli.ledger.web.site import Here

routes = APIRouter()


@routes.get("/me")
def home(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        purse = purse_of(connection, me.account)
    return phone_page(request, me, "home.html", tiles=tiles_for(me.kind), purse=purse)
