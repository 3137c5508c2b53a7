"""The first page after the login: what waits for this person today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, func, select

from linli.ledger.alerts.reading import FREE, Wanted
from linli.ledger.alerts.reading import count as count_alerts_open
from linli.ledger.cadence.running import entries
from linli.ledger.database import reading
from linli.ledger.declarations.schema import desk_entry
from linli.ledger.fleet.health.phrases import TITLES
from linli.ledger.fleet.health.problems import Kind
from linli.ledger.journal.deed import PENDING
from linli.ledger.journal.schema import deed
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.schema import holder
from linli.ledger.ranking.schema import standing
from linli.ledger.review.history import returned
from linli.ledger.shop.troubles import count_open
from linli.ledger.staff.roles import Right
from linli.ledger.terminals.doubles import count_alarms
from linli.ledger.terminals.quarantine import count_apart
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.site import Here
from linli.sync.periods import period_of

routes = APIRouter(prefix="/console")
NEWEST_DUTIES = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """One figure that leads somewhere. `path` is None for who may not go there."""

    title: str
    count: int
    path: str | None
    what_next: str


@routes.get("")
def home(request: Request, site: Here, visitor: Reader) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        duties = [
            e for e in entries(connection, now) if e.duty.scope in (visitor.scope, "district")
        ]
        return console_page(
            request,
            visitor,
            "home.html",
            waiting=_waiting(connection, visitor, now),
            duties=duties[:NEWEST_DUTIES],
            people=_people(connection, visitor.scope, now),
        )


def _waiting(connection: Connection, visitor: Reader, now: dt.datetime) -> list[Waiting]:
    scope = visitor.scope
    sees_review = visitor.may(Right.REVIEW) or visitor.may(Right.OVERSEE)
    pending = (
        select(func.count())
        .select_from(deed)
        .join(holder, holder.c.account == deed.c.account)
        .where(holder.c.scope == scope, deed.c.state == PENDING)
    )
    unanswered = (
        select(func.count())
        .select_from(objection)
        .join(notice_deed, notice_deed.c.deed == objection.c.deed)
        .where(notice_deed.c.scope == scope, objection.c.answered_at.is_(None))
    )
    hanging = (
        select(func.count())
        .select_from(notice)
        .where(notice.c.scope == scope, notice.c.sealed_at.is_(None))
    )
    unsigned = (
        select(func.count())
        .select_from(desk_entry)
        .join(holder, holder.c.account == desk_entry.c.account)
        .where(holder.c.scope == scope, desk_entry.c.outcome.is_(None))
    )
    back = len(returned(connection, scope))

    def count(query: object) -> int:
        return int(connection.execute(query).scalar_one())  # type: ignore[call-overload]

    return [
        Waiting(
            "待审核",
            count(pending) - back,
            "/console/review" if sees_review else None,
            "每周由考评小组认定",
        ),
        Waiting(
            "等第二人签字",
            count(unsigned),
            "/console/by-hand" if visitor.may(Right.DESK) or visitor.may(Right.LEAD) else None,
            "手工录入要两个人签字",
        ),
        Waiting("退回待补充", back, "/console/returned", "补充后回到原来的位置"),
        Waiting(
            "待答复的异议",
            count(unanswered),
            "/console/objections" if sees_review else None,
            "都答复了，月份才能封账",
        ),
        Waiting(
            "柜门问题",
            count_open(connection, scope),
            "/console/shop/troubles" if visitor.may(Right.DESK) else None,
            "请到兑换柜前看一看",
        ),
        *_for_maintainers(connection, visitor),
        Waiting("正在公示的月份", count(hanging), "/console/notices", "期满自动转为可兑换"),
    ]


def _for_maintainers(connection: Connection, visitor: Visitor) -> list[Waiting]:
    if not visitor.may(Right.TERMINALS):
        return []
    twice = count_alarms(connection, visitor.scope)
    path = "/console/terminals?state=twice"
    apart = count_apart(connection, visitor.scope)
    open_ = count_alerts_open(connection, Wanted(scope=visitor.worker.scope, state=FREE))
    return [
        Waiting("没人认领的告警", open_, f"/console/alerts?state={FREE}", "终端出了问题，等人处理"),
        Waiting(TITLES[Kind.TWICE], twice, path, "终端的存储卡可能被复制"),
        Waiting(
            "隔离中的终端",
            apart,
            "/console/terminals?state=quarantined",
            "它的消息多到不正常，请查看后解除",
        ),
    ]


def _people(connection: Connection, scope: str, now: dt.datetime) -> int:
    """How many of the community did something this month."""
    query = (
        select(func.count())
        .select_from(standing)
        .join(holder, holder.c.account == standing.c.account)
        .where(
            holder.c.scope == scope,
            standing.c.period == period_of(now, "month"),
            standing.c.points > 0,
        )
    )
    return int(connection.execute(query).scalar_one())
