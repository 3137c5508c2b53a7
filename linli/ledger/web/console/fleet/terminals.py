"""Terminals and boards (终端与电子屏), and what of theirs was set aside: a maintainer's pages."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.fleet.health.listing import fleet
from linli.ledger.fleet.health.phrases import TITLES, lasting, told
from linli.ledger.ingest.parking import list_parked
from linli.ledger.ingest.retrying import retry
from linli.ledger.people.access_log import note
from linli.ledger.terminals.registry import RegistryError, register
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.fleet.fleet_list import (
    HEAD,
    STATES,
    Asked,
    lines,
    needing,
    ordered,
    state_words,
    versions,
)
from linli.ledger.web.console.guard import Maintainer
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here
from linli.ledger.web.words import PARKED

TERMINALS, PARKED_PAGE = "/console/terminals", "/console/parked"
routes = APIRouter()
PARKED_HEAD = ("终端", "第几条", "原因", "说明", "次数", "最早", "最近", "有签名")


@routes.get(TERMINALS)
def show(request: Request, site: Here, visitor: Maintainer, format_: Format = "") -> Response:
    """All communities together, for whoever looks after all."""
    now, asked = site.clock.now(), Asked.of(request)
    named = dict(visitor.communities)
    with reading(site.engine) as connection:
        scopes = None if visitor.worker.scope is None else [visitor.scope]
        every = fleet(connection, now, scopes)
    found = ordered(one for one in every if asked.takes(one))
    if format_:
        of_whom = "all" if visitor.worker.scope is None else visitor.scope
        return as_file(format_, f"terminals-{of_whom}", HEAD, lines(found, named, now))
    return console_page(
        request,
        visitor,
        "fleet/terminals.html",
        page=cut(found, request),
        asked=asked,
        total=len(every),
        needing=needing(every),
        waiting_for_us=sum(one.needs_somebody for one in every),
        maintained=sum(one.maintained for one in every),
        online=sum(one.online for one in every),
        in_service=sum(one.of.retired_at is None for one in every),
        versions=versions(every),
        named=named,
        states=STATES,
        titles={kind.value: title for kind, title in TITLES.items()},
        state_of=partial(state_words, now=now),
        told=told,
        lasting=lasting,
    )


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
        every = list_parked(connection, visitor.worker.scope)
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
