"""A public page: inside the frame with the community's name, without cookies, kept for a moment.

It says the same to everybody, so that a proxy may answer for us; an unchanged one is not sent
again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection, select

from linli.ledger.people.checks import COMMUNITY
from linli.ledger.people.schema import org
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import environment
from linli.ledger.web.site import site_of

FRESH_S = 15
"""How long a cache may answer with what it has: a ranking that moves is worth looking at."""


@dataclass(frozen=True, slots=True)
class Around:
    """Which community a page is of: its id and name, both empty on pages of all."""

    scope: str = ""
    name: str = ""

    @property
    def path(self) -> str:
        return f"/c/{self.scope}" if self.scope else ""


EVERYWHERE = Around()


def around(connection: Connection, scope: str) -> Around:
    """Raises Refused for what is no community."""
    query = select(org.c.name).where(org.c.id == scope, org.c.level == COMMUNITY)
    name = connection.execute(query).scalar()
    if name is None:
        raise Refused(404, "没有这个社区，可能是地址不完整。请从首页选择您的社区。")
    return Around(scope, str(name))


def public_page(request: Request, here: Around, template: str, /, **values: Any) -> Response:
    body = (
        environment()
        .get_template(f"public/{template}")
        .render(
            request=request,
            path=request.url.path,
            here=here,
            now=site_of(request).clock.now(),
            **values,
        )
    )
    return kept(request, HTMLResponse(body))


def kept(request: Request, response: Response, seconds: int = FRESH_S) -> Response:
    """The answer, or that it is still the one the browser has."""
    mark = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
    headers = {"Cache-Control": f"public, max-age={seconds}", "ETag": mark}
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
