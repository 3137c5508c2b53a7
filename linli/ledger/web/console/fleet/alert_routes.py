"""Whom alerts are told to (告警通知): an administrator's page."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.alerts.reading import newest_messages
from linli.ledger.alerts.routes import Draft, RouteError, RouteKind, close, make, route
from linli.ledger.alerts.routes import routes as read_routes
from linli.ledger.alerts.rules import Urgency
from linli.ledger.alerts.sending import make_test
from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.vault import VaultError
from linli.ledger.staff.submissions import first_time
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Administrator, Visitor
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

ROUTES = "/console/alerts/routes"
routes = APIRouter()


@routes.get(ROUTES)
def show(request: Request, site: Here, visitor: Administrator) -> Response:
    try:
        with reading(site.engine) as connection:
            found = read_routes(connection, site.ring)
            newest = newest_messages(connection, [one.id for one in found])
    except VaultError as error:
        raise Refused(503, "通知地址打不开：person.keys 不是当初加密用的那一份。") from error
    return console_page(
        request,
        visitor,
        "fleet/alert_routes.html",
        routes=found,
        newest=newest,
        kinds=list(RouteKind),
        urgencies=sorted(Urgency, reverse=True),
        names=dict(visitor.communities),
    )


@routes.post(ROUTES)
def take_in(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    draft, now = _draft(visitor, form), site.clock.now()
    try:
        with site.engine.begin() as connection:
            if first_time(connection, form.token, visitor.worker.login, now):
                made = make(connection, site.ring, draft, visitor.worker.login, now)
                what = f"make alert route {made.id}"
                note(connection, visitor.signature, what, None, draft.title, now)
    except RouteError as error:
        raise Refused(422, in_chinese(str(error))) from error
    return go(request, ROUTES, "已保存。请按“发一条测试”，看看能不能收到。")


@routes.post(f"{ROUTES}/close")
def take_away(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    id_, now = _one(site, form), site.clock.now()
    with site.engine.begin() as connection:
        if close(connection, id_, now):
            note(connection, visitor.signature, f"close alert route {id_}", None, "closed", now)
    return go(request, ROUTES, "已停用，不再往这里发。")


@routes.post(f"{ROUTES}/test")
def try_it(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    id_, now = _one(site, form), site.clock.now()
    with site.engine.begin() as connection:
        if first_time(connection, form.token, visitor.worker.login, now):
            make_test(connection, id_, now)
            note(connection, visitor.signature, f"try alert route {id_}", None, "test", now)
    return go(request, ROUTES, "测试消息已交出，几秒后刷新这一页看结果。")


def _one(site: Here, form: Posted) -> str:
    """Raises Refused."""
    with reading(site.engine) as connection:
        try:
            found = route(connection, site.ring, form.text("id"))
        except VaultError as error:
            raise Refused(503, "通知地址打不开：person.keys 不是当初加密用的那一份。") from error
    if found is None:
        raise Refused(404, "没有这条通知路线，可能已经停用了。")
    return found.id


def _draft(visitor: Visitor, form: Posted) -> Draft:
    """Raises Refused."""
    scope = form.text("community") or None
    if scope is not None and scope not in dict(visitor.communities):
        raise Refused(422, "没有这个社区。")
    try:
        kind, urgency = RouteKind(form.text("kind")), Urgency(form.whole("urgency"))
        quiet = _quiet(form.text("quiet_from"), form.text("quiet_until"))
    except ValueError as error:
        raise Refused(422, "请选择方式和级别；免打扰时间写成 22:00 这样。") from error
    return Draft(kind, form.text("title"), form.text("target"), scope, urgency, quiet)


def _quiet(first: str, last: str) -> tuple[int, int] | None:
    """Raises ValueError."""
    if not first and not last:
        return None
    begins, ends = dt.time.fromisoformat(first), dt.time.fromisoformat(last)
    return begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
