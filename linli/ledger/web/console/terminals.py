"""Terminals and boards (终端与电子屏), and what of theirs was set aside: a maintainer's pages."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.ingest.parking import list_parked
from linli.ledger.ingest.retrying import retry
from linli.ledger.people.access_log import note
from linli.ledger.terminals.registry import RegistryError, register
from linli.ledger.terminals.watching import Watched, watched
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Maintainer
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import fingerprint, go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import DEVICE, PARKED

TERMINALS, PARKED_PAGE = "/console/terminals", "/console/parked"
routes = APIRouter()
HEAD = (
    "名称",
    "种类",
    "社区",
    "地点",
    "公钥开头",
    "登记",
    "最近收到",
    "收齐到第几条",
    "搁置",
    "证书到",
    "停用",
)
STATES = {
    "silent": "还没有收到过",
    "parked": "有搁置的消息",
    "twice": "一个身份两处在用",
    "retired": "已停用",
}
PARKED_HEAD = ("终端", "第几条", "原因", "说明", "次数", "最早", "最近", "有签名")


@routes.get(TERMINALS)
def show(
    request: Request,
    site: Here,
    visitor: Maintainer,
    q: str = "",
    kind: str = "",
    state: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        found = [
            one
            for one in watched(connection, visitor.scope)
            if has(q, one.name, one.centre)
            and kind in ("", one.kind)
            and state in ("", *_states(one))
        ]
    if format_:
        lines = (
            (
                one.name,
                DEVICE[one.kind],
                one.scope,
                one.centre,
                fingerprint(one.public_key),
                moment(one.registered_at),
                moment(one.heard_at),
                one.watermark,
                one.parked,
                moment(one.certified_until),
                moment(one.retired_at),
            )
            for one in found
        )
        return as_file(format_, f"terminals-{visitor.scope}", HEAD, lines)
    page = cut(found, request)
    return console_page(
        request, visitor, "terminals.html", page=page, q=q, kind=kind, state=state, states=STATES
    )


def _states(one: Watched) -> Sequence[str]:
    """What may be sought of a device; silent is one that was never heard."""
    states = {
        "silent": one.heard_at is None,
        "parked": one.parked,
        "twice": one.alarms,
        "retired": one.retired_at,
    }
    return [state for state, holds in states.items() if holds]


@routes.post(TERMINALS)
def take_in(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, now = form.text("name"), site.clock.now()
    try:
        with site.engine.begin() as connection:
            register(
                connection,
                name=name,
                kind=form.text("kind"),
                public_key=form.text("public_key"),
                scope=visitor.scope,
                centre=form.text("centre"),
                now=now,
            )
            note(connection, visitor.signature, f"register {name}", None, visitor.scope, now)
    except RegistryError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"{TERMINALS}?scope={visitor.scope}", f"{name} 已登记，现在可以连接了。")


@routes.get(PARKED_PAGE)
def show_parked(
    request: Request,
    site: Here,
    visitor: Maintainer,
    q: str = "",
    reason: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        every = list_parked(connection)
    found = [
        one for one in every if has(q, one.terminal, one.detail) and reason in ("", one.reason)
    ]
    if format_:
        lines = (
            (
                one.terminal,
                one.seq,
                PARKED.get(one.reason, one.reason),
                one.detail,
                one.count,
                moment(one.first_at),
                moment(one.last_at),
                "是" if one.signed else "否",
            )
            for one in found
        )
        return as_file(format_, "parked", PARKED_HEAD, lines)
    return console_page(
        request,
        visitor,
        "parked.html",
        page=cut(found, request),
        q=q,
        reason=reason,
        reasons=sorted({one.reason for one in every}),
    )


@routes.post(PARKED_PAGE)
def take_after_all(request: Request, site: Here, visitor: Maintainer, _form: Form) -> Response:
    now = site.clock.now()
    taken = retry(site.engine, site.shelf, now)
    with site.engine.begin() as connection:
        note(connection, visitor.signature, "retry what was set aside", None, f"{taken} taken", now)
    site.committed()
    return go(request, PARKED_PAGE, f"重新试过，收下了 {taken} 条。")
