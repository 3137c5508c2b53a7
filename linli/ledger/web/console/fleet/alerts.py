"""Alerts (告警): what is wrong with terminals, who looks after it, and what was."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.alerts.acknowledging import LONGEST_WHY, AcknowledgeError, acknowledge
from linli.ledger.alerts.reading import ENDED, FREE, OPEN, Shown, Wanted, alerts, count, scope_of
from linli.ledger.alerts.rules import RULES, Urgency
from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Maintainer, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import (
    LONGEST_SOUGHT,
    PER_PAGE,
    Format,
    Listing,
    as_file,
    page_number,
)
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import ALERT_QUIET, URGENCY

ALERTS = "/console/alerts"
routes = APIRouter()
STATES = {FREE: "没人认领", OPEN: "未解决", ENDED: "已恢复"}
HEAD = (
    *("编号", "级别", "社区", "对象", "告警", "说明", "开始", "结束"),
    *("认领人", "认领时间", "打算怎么办"),
)
MOST_EXPORTED = 50_000


@routes.get(ALERTS)
def show(
    request: Request,
    site: Here,
    visitor: Maintainer,
    q: str = "",
    state: str = "",
    urgency: str = "",
    fault: str = "",
    community: str = "",
    format_: Format = "",
) -> Response:
    known = {rule.fault.value: rule.title for rule in RULES}
    wanted = Wanted(
        scope=_scope(visitor, community),
        state=state if state in STATES else "",
        urgency=int(urgency) if urgency in map(str, map(int, Urgency)) else None,
        fault=fault if fault in known else "",
        text=q.strip()[:LONGEST_SOUGHT],
    )
    with reading(site.engine) as connection:
        if format_:
            found = alerts(connection, wanted, MOST_EXPORTED)
            return as_file(format_, "alerts", HEAD, map(_line, found))
        total, number = count(connection, wanted), page_number(request)
        number = min(number, max(1, -(-total // PER_PAGE)))
        found = alerts(connection, wanted, PER_PAGE, (number - 1) * PER_PAGE)
    return console_page(
        request,
        visitor,
        "fleet/alerts.html",
        page=Listing(found, number, total, request),
        q=wanted.text,
        state=wanted.state,
        urgency=urgency,
        fault=wanted.fault,
        community=community,
        states=STATES,
        faults=known,
        names=dict(visitor.communities),
        longest=LONGEST_WHY,
    )


@routes.post(f"{ALERTS}/acknowledge")
def take_on(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    number, why, now = form.whole("number"), form.text("why"), site.clock.now()
    try:
        with site.engine.begin() as connection:
            there, scope = scope_of(connection, number)
            if not there or not _theirs(visitor, scope):
                raise Refused(404, "没有这条告警，或者它关系到别的社区，请管全区的同事认领。")
            acknowledge(connection, number, visitor.worker.login, why, now)
            note(connection, visitor.signature, f"acknowledge alert {number}", None, why, now)
    except AcknowledgeError as error:
        raise Refused(409, in_chinese(str(error))) from error
    return go(request, ALERTS, "已认领，不再重复通知；恢复时会再告诉大家。")


def _scope(visitor: Visitor, community: str) -> str | None:
    """A maintainer of the whole district sees all communities together, or the one they chose."""
    if visitor.worker.scope is not None:
        return visitor.worker.scope
    return community if community in dict(visitor.communities) else None


def _theirs(visitor: Visitor, scope: str | None) -> bool:
    """What is about all communities is seen by all, and silenced by who looks after all."""
    return visitor.worker.scope in (None, scope)


def _line(one: Shown) -> tuple[object, ...]:
    ended = moment(one.ended) if one.ended else "未解决"
    return (
        *(one.number, URGENCY[one.urgency], one.scope or "全区", one.subject, one.title),
        *(one.says, moment(one.began)),
        f"{ended}（{ALERT_QUIET[one.quiet]}）" if one.quiet in ALERT_QUIET else ended,
        *(one.acknowledged_by or "", moment(one.acknowledged_at), one.acknowledged_why or ""),
    )
