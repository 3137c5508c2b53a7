"""One terminal or board: who it is, whether it is there twice, and taking it out of service."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.fleet.health import phrases
from linli.ledger.fleet.health.listing import fleet
from linli.ledger.fleet.jobs.reading import jobs_of
from linli.ledger.fleet.settings.wishes import StaleError, said, seen_of, want, want_of_all, wished
from linli.ledger.people.access_log import note
from linli.ledger.people.checks import PeopleError
from linli.ledger.shop.refusals import ShopError
from linli.ledger.terminals.doubles import alarms, settle
from linli.ledger.terminals.quarantine import QuarantineError, let_out
from linli.ledger.terminals.registry import BOARD
from linli.ledger.terminals.retiring import RetireError, retire
from linli.ledger.terminals.watching import watched_one
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.again import require_password
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.fleet.fleet_list import state_words
from linli.ledger.web.console.fleet.one_health import looked
from linli.ledger.web.console.fleet.remote_form import document_of, typed_of
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
        found = fleet(connection, site.clock.now(), [visitor.scope], name)
        if not found:
            raise Refused(404, NOT_HERE)
        (device,) = found
        health = looked(connection, device, site.clock.now())
        signs = [sign for sign in alarms(connection, visitor.scope) if sign.terminal == name]
        wish, answer = wished(connection, name), said(connection, name)
        seen_all = seen_of(connection, visitor.scope)
        jobs = jobs_of(connection, name)
    return console_page(
        request,
        visitor,
        "fleet/terminal.html",
        of=device.of,
        device=device,
        looked=health,
        state_of=state_words,
        told=phrases.told,
        lasting=phrases.lasting,
        lasting_s=lambda seconds: phrases.lasting(dt.timedelta(seconds=min(seconds, 1e9))),
        phrases=phrases,
        signs=signs,
        wish=wish,
        typed=typed_of(wish.doc),
        answer=answer,
        seen_all=seen_all,
        jobs=jobs,
    )


@routes.post("/settle")
def looked_after(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, now = form.text("name"), site.clock.now()
    _require_here(site, visitor, name)
    with site.engine.begin() as connection:
        count = settle(connection, name, visitor.worker.name, now)
        why = form.text("why")[:200] or "looked after"
        note(connection, visitor.signature, f"settle {count} alarms of {name}", None, why, now)
    return go(request, _page(visitor, name), "已记下。再出现，会再提醒。")


@routes.post("/let-out")
def let_it_out(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, why, now = form.text("name"), form.text("why"), site.clock.now()
    _require_here(site, visitor, name)
    try:
        with site.engine.begin() as connection:
            let_out(connection, name, visitor.signature, why, now)
    except (QuarantineError, PeopleError) as error:
        raise Refused(422, in_chinese(str(error))) from error
    return go(request, _page(visitor, name), "已解除隔离，几秒后它又能上传。")


@routes.post("/settings")
def set_from_afar(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    """The whole document of one terminal; over those of all in the community, what is filled in."""
    name, now, by = form.text("name"), site.clock.now(), visitor.worker.name
    everywhere = form.text("whom") == "all"
    document = document_of(form)
    if everywhere and "connection" in document:
        raise Refused(422, "连接设置只能一台一台改：写错了，整个社区会一起断线。")
    _require_terminal(site, visitor, name)
    if "connection" in document:
        require_password(request, site, visitor, form)
    try:
        with site.engine.begin() as connection:
            if everywhere:
                seen = form.whole("seen_all")
                changed = want_of_all(connection, visitor.scope, document, seen, by, now)
            else:
                want(connection, name, document, form.whole("seen"), by, now)
                changed = [name]
            what = f"settings of {name}" if not everywhere else f"settings of {len(changed)}"
            note(connection, visitor.signature, what, None, form.text("why")[:200] or "-", now)
    except StaleError as error:
        raise Refused(
            409, "别人刚刚改过设置，这次没有保存。请返回、刷新页面，看过新的设置再改。"
        ) from error
    site.committed()
    told = f"{len(changed)} 台终端的设置已发出。" if everywhere else "设置已发出。"
    return go(request, _page(visitor, name), f"{told}终端试用一分钟，不行会自己恢复。")


@routes.post("/retire")
def take_out(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, why, now = form.text("name"), form.text("why"), site.clock.now()
    if form.text("again") != name:
        raise Refused(422, "请再输入一遍名称，确认停用的是哪一台。停用以后不能恢复。")
    _require_here(site, visitor, name)
    require_password(request, site, visitor, form)
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


def _require_terminal(site: Site, visitor: Visitor, name: str) -> None:
    """One in service that takes settings. Raises Refused."""
    with reading(site.engine) as connection:
        one = watched_one(connection, visitor.scope, name)
    if one is None:
        raise Refused(404, NOT_HERE)
    if one.kind == BOARD or one.retired_at is not None:
        raise Refused(422, "电子屏和已停用的终端不接受远程设置。")


def _page(visitor: Visitor, name: str) -> str:
    return f"{ONE}?name={name}&scope={visitor.scope}"
