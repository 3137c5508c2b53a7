"""Who works here (工作人员) and who sits on the panel: kept by an administrator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.directory import read_holders
from linli.ledger.review.panel import (
    LEADER,
    PanelError,
    appoint,
    dismiss,
    members,
    quorum_of,
    set_quorum,
)
from linli.ledger.staff.accounts import (
    NewWorker,
    StaffError,
    Worker,
    end,
    everyone,
    hire,
    reset_password,
)
from linli.ledger.staff.passwords import new_password
from linli.ledger.staff.roles import Role
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Administrator, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import EMPLOYED, ROLE

STAFF = "/console/staff"
routes = APIRouter(prefix=STAFF)
HEAD = ("账号", "姓名", "岗位", "社区", "状态", "动态码")


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Administrator,
    q: str = "",
    role: str = "",
    state: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        found = [
            one
            for one in everyone(connection)
            if has(q, one.login, one.name)
            and role in ("", one.role.value)
            and state in ("", _state(one))
        ]
        if format_:
            return as_file(format_, "staff", HEAD, map(_row, found))
        seats = members(connection, visitor.scope, site.clock.now())
        return console_page(
            request,
            visitor,
            "staff.html",
            page=cut(found, request),
            q=q,
            role=role,
            state=state,
            roles=list(Role),
            seats=seats,
            holders=read_holders(connection, seats),
            quorum=quorum_of(connection, visitor.scope),
            leader=LEADER,
        )


def _state(one: Worker) -> str:
    if one.ended_at:
        return "ended"
    return "must-change" if one.must_change else "employed"


def _row(one: Worker) -> Sequence[object]:
    code = "有" if one.has_code else ""
    return (one.login, one.name, ROLE[one.role], one.scope or "全部", EMPLOYED[_state(one)], code)


@routes.post("/hire")
def add(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    """The password is shown once, on the page that answers."""
    if form.text("role") not in set(Role):
        raise Refused(422, "请选择岗位。")
    password = new_password()
    new = NewWorker(
        form.text("login").lower(),
        form.text("name"),
        Role(form.text("role")),
        form.text("scope") or None,
        form.text("account") or None,
    )
    with _changing(site, visitor, f"hire {new.login}: {new.role.value}") as connection:
        hire(connection, new, password, site.clock.now())
    return _told(request, visitor, new.login, password)


@routes.post("/reset")
def reset(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    login, password = form.text("login"), new_password()
    if login == visitor.worker.login:
        raise Refused(422, "自己的密码请在右上角“修改密码”里改。")
    with _changing(site, visitor, f"reset password of {login}") as connection:
        reset_password(connection, login, password, site.clock.now())
    return _told(request, visitor, login, password)


@routes.post("/end")
def leave(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    login = form.text("login")
    with _changing(site, visitor, f"end {login}") as connection:
        end(connection, login, site.clock.now())
    return go(request, STAFF, f"{login} 已办理离岗，登录立即失效。")


@routes.post("/panel")
def seat(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    account, role, stands_for = (form.text(name) for name in ("account", "role", "stands_for"))
    if not 0 < len(stands_for) <= 32:
        raise Refused(422, "请写明代表谁，例如“居民代表”，不超过 32 个字。")
    with _changing(site, visitor, f"appoint {account}: {role}", account) as connection:
        appoint(connection, visitor.scope, account, role, stands_for, site.clock.now())
    return go(request, STAFF, "已加入考评小组。")


@routes.post("/panel/dismiss")
def unseat(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    account = form.text("account")
    with _changing(site, visitor, f"dismiss {account}", account) as connection:
        dismiss(connection, visitor.scope, account, site.clock.now())
    return go(request, STAFF, "已离任，过去的意见保留。")


@routes.post("/panel/quorum")
def agree(request: Request, site: Here, visitor: Administrator, form: Form) -> Response:
    quorum = form.whole("quorum")
    with _changing(site, visitor, f"quorum {quorum}") as connection:
        set_quorum(connection, visitor.scope, quorum)
    return go(request, STAFF, f"以后 {quorum} 位成员意见一致即生效。")


@contextmanager
def _changing(
    site: Site, visitor: Visitor, what: str, account: str | None = None
) -> Iterator[Connection]:
    """A transaction that is written down. Raises Refused where the ledger refuses."""
    try:
        with site.engine.begin() as connection:
            yield connection
            now = site.clock.now()
            note(connection, visitor.signature, what, account, visitor.scope or "all", now)
    except (StaffError, PanelError) as error:
        raise Refused(422, in_chinese(str(error))) from error


def _told(request: Request, visitor: Visitor, login: str, password: str) -> Response:
    return console_page(request, visitor, "password_told.html", login=login, password=password)
