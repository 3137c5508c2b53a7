"""The front page of a community: its live ranking, what hangs, and the newest story."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from linli.ledger.database import reading
from linli.ledger.feed.stories import stories_on_show
from linli.ledger.notice.shown import hanging_month
from linli.ledger.people.checks import COMMUNITY
from linli.ledger.people.schema import org
from linli.ledger.ranking.table import PER, Node, nodes_around, ranking
from linli.ledger.web.listing import PER_PAGE, Format, Listing, as_file, page_number
from linli.ledger.web.public.drawing import EVERYWHERE, Around, around, kept, public_page
from linli.ledger.web.refusals import Refused
from linli.ledger.web.site import Here
from linli.sync.messages import Kind
from linli.sync.periods import business_day, period_key

routes = APIRouter()
HEAD = ("名次", "姓名", "楼栋", "已认定", "待审核", "积分")
MOST_EXPORTED = 10_000
"""More is a second of work for anybody who asks."""
A_MINUTE = 60
FURTHEST = 40
"""How many periods back one may ask for."""


@dataclass(frozen=True, slots=True)
class Period:
    """Which period a ranking is of; `before` and `after` are how many back its neighbours are."""

    key: str
    per: str
    back: int

    @property
    def before(self) -> int:
        return min(self.back + 1, FURTHEST)

    @property
    def after(self) -> int | None:
        return self.back - 1 if self.back else None


@routes.get("/")
def front(request: Request, site: Here) -> Response:
    """Where there is one community only, its own page."""
    with reading(site.engine) as connection:
        query = select(org.c.id, org.c.name).where(org.c.level == COMMUNITY)
        communities = [Around(*row) for row in connection.execute(query.order_by(org.c.path))]
    if len(communities) == 1:
        return RedirectResponse(communities[0].path, 303)
    return public_page(request, EVERYWHERE, "communities.html", communities=communities)


@routes.get("/c/{scope}")
def community(
    request: Request,
    site: Here,
    scope: str,
    kind: Kind = Kind.RESIDENT,
    per: str = "month",
    back: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
    node: str = "",
    format_: Format = "",
) -> Response:
    if per not in PER:
        raise Refused(404, "排名只有本月、本季和本年三种，请从页面上选择。")
    now = site.clock.now()
    period = Period(_key(business_day(now), per, back), per, back)
    with reading(site.engine) as connection:
        here = around(connection, scope)
        nodes = nodes_around(connection, scope)
        at = _chosen(nodes, node or scope)
        if format_:
            every = ranking(connection, at, kind, period.key, 0, MOST_EXPORTED).lines
            lines = ((o.rank, o.name, o.building, o.posted, o.pending, o.points) for o in every)
            name = f"ranking-{at.id}-{kind.value}-{period.key}"
            return kept(request, as_file(format_, name, HEAD, lines), A_MINUTE)
        number = page_number(request)
        table = ranking(connection, at, kind, period.key, (number - 1) * PER_PAGE, PER_PAGE)
        return public_page(
            request,
            here,
            "community.html",
            kind=kind,
            period=period,
            nodes=nodes,
            at=at,
            table=table,
            page=Listing(table.lines, number, table.total, request),
            notice=hanging_month(connection, scope),
            story=next(iter(stories_on_show(connection, scope)), None),
        )


def _key(day: dt.date, per: str, back: int) -> str:
    """The period `back` before the one that the day lies in."""
    months = {"month": 1, "quarter": 3, "year": 12}[per] * back
    months_since = day.year * 12 + day.month - 1 - months
    return period_key(dt.date(months_since // 12, months_since % 12 + 1, 1), per)


def _chosen(nodes: list[Node], wanted: str) -> Node:
    for node in nodes:
        if node.id == wanted:
            return node
    raise Refused(404, "没有这个街道、社区或楼栋，请从页面上选择。")
