"""The first page: who one is here, and what one can do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.phone.navigation import tiles_for

routes = APIRouter()


@routes.get("/me")
def home(request: Request, me: Me) -> Response:
    return phone_page(request, me, "home.html", tiles=tiles_for(me.kind))
