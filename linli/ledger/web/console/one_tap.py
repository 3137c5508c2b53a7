"""The way of one tap (查一次刷卡), by the name that the logs of terminal and ledger give it."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.ingest.following import Way, follow
from linli.ledger.terminals.watching import watched_one
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Maintainer
from linli.ledger.web.refusals import Refused
from linli.ledger.web.site import Here

ONE_TAP = "/console/terminals/tap"
TRACE = re.compile(r"[0-9a-f]{32}")
NEWEST = 20_000
"""Events that are looked through while somebody waits; the command looks further back."""
routes = APIRouter()


@routes.get(ONE_TAP)
def show(
    request: Request, site: Here, visitor: Maintainer, name: str = "", trace: str = ""
) -> Response:
    wanted = trace.strip().lower()
    found: list[Way] = []
    with reading(site.engine) as connection:
        if watched_one(connection, visitor.scope, name) is None:
            raise Refused(404, "这个社区没有这台终端，请从列表里打开。")
        if TRACE.fullmatch(wanted):
            found = follow(connection, wanted, name, NEWEST)
    return console_page(
        request,
        visitor,
        "one_tap.html",
        name=name,
        trace=trace[:64],
        valid=bool(TRACE.fullmatch(wanted)),
        ways=found,
        newest=NEWEST,
    )
