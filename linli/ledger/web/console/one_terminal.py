"""One terminal or board: who it is, whether it is there twice, and taking it out of service."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.shop.refusals import ShopError
from linli.ledger.terminals.doubles import alarms, settle
from linli.ledger.terminals.retiring import RetireError, retire
from linli.ledger.terminals.watching import watched_one
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Maintainer, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site

ONE = "/console/terminals/one"
NOT_HERE = "这个社区没有这台终端，请从列表里打开。"
routes = APIRouter(prefix=ONE)


@routes.get("")
def show(request: Request, site: Here, visitor: Maintainer, name: str = "") -> Response:
    with reading(site.engine) as connection:
        one = watched_one(connection, visitor.scope, name)
        if one is None:
            raise Refused(404, NOT_HERE)
        signs = [sign for sign in alarms(connection, visitor.scope) if sign.terminal == name]
    return console_page(request, visitor, "terminal.html", of=one, signs=signs)


@routes.post("/settle")
def looked_after(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, now = form.text("name"), site.clock.now()
    _require_here(site, visitor, name)
    with site.engine.begin() as connection:
        count = settle(connection, name, visitor.worker.name, now)
        why = form.text("why")[:200] or "looked after"
        note(connection, visitor.signature, f"settle {count} alarms of {name}", None, why, now)
    return go(request, _page(visitor, name), "已记下。再出现，会再提醒。")


@routes.post("/retire")
def take_out(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, why, now = form.text("name"), form.text("why"), site.clock.now()
    if form.text("again") != name:
        raise Refused(422, "请再输入一遍名称，确认停用的是哪一台。停用以后不能恢复。")
    _require_here(site, visitor, name)
    lost = form.text("lost") == "yes"
    try:
        with site.engine.begin() as connection:
            done = retire(connection, name, visitor.worker.name, why, now, lost=lost)
            what = f"retire {name}{' as lost' if lost else ''}"
            note(connection, visitor.signature, what, None, why, now)
    except (RetireError, ShopError) as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    points = sum(done.leases.values())
    said = f"{name} 已停用，几秒后不能再连接。" + (
        f"它代管的 {points} 分已退回。" if points else ""
    )
    return go(request, _page(visitor, name), said)


def _require_here(site: Site, visitor: Visitor, name: str) -> None:
    """Raises Refused."""
    with reading(site.engine) as connection:
        if watched_one(connection, visitor.scope, name) is None:
            raise Refused(404, NOT_HERE)


def _page(visitor: Visitor, name: str) -> str:
    return f"{ONE}?name={name}&scope={visitor.scope}"
