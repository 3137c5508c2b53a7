"""Cards: found by their number, given out, replaced, put on the hot list and taken off it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, true

from linli.ledger.database import reading
from linli.ledger.ingest.stopping import free_card, stop_card, swap_card
from linli.ledger.people.access_log import note
from linli.ledger.people.card_life import BLOCKED
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard
from linli.ledger.people.personal import plain, plain_uid
from linli.ledger.people.schema import card, holder
from linli.ledger.web.console.drawing import console_page, form_page
from linli.ledger.web.console.guard import Clerk, Visitor
from linli.ledger.web.console.people.acting import AT_THE_DESK, acting, reason_of
from linli.ledger.web.console.people.reach import at, card_in_reach, holder_in_reach
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.listing import PER_PAGE, Format, Listing, as_file, page_number
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import CARD, CHIP

routes = APIRouter(prefix="/console/cards")
KEYED = "ntag424"
ANY = "any"
HEAD = ("卡号", "UID", "账户", "姓名", "种类", "状态", "挂失时间")
FIELDS = ("id", "uid", "chip", "key")
NEW, REPLACE = "people/card_new.html", "people/card_replace.html"


@routes.get("")
def find_card(
    request: Request,
    site: Here,
    visitor: Clerk,
    q: str = "",
    state: str = "",
    chip: str = "",
    format_: Format = "",
) -> Response:
    """By number or UID, or all of a state; with neither, all cards that are stopped now."""
    text = plain(q)[:64]
    if not text and state not in (*CARD, ANY):
        state = BLOCKED
    where = (holder.c.scope == visitor.scope) & (_numbered(text) if text else true())
    where &= card.c.status == state if state in CARD else true()
    where &= card.c.chip == chip if chip in CHIP else true()
    query = select(card, holder.c.name_masked).join(holder, holder.c.account == card.c.account)
    count = select(func.count()).select_from(card)
    count = count.join(holder, holder.c.account == card.c.account)
    if format_:
        return _export(site, visitor, query.where(where).order_by(card.c.id), format_)
    with reading(site.engine) as connection:
        total = connection.execute(count.where(where)).scalar_one()
        number = min(page_number(request), max(1, -(-total // PER_PAGE)))
        cut = query.where(where).order_by(card.c.blocked_at.desc(), card.c.id)
        rows = connection.execute(cut.offset((number - 1) * PER_PAGE).limit(PER_PAGE)).all()
    page = Listing(rows, number, total, request)
    return console_page(
        request, visitor, "people/cards.html", page=page, q=text, state=state, chip=chip
    )


def _numbered(text: str) -> ColumnElement[bool]:
    uid = plain_uid(text)
    return or_(card.c.id.startswith(text, autoescape=True), card.c.uid == uid)


def _export(site: Site, visitor: Visitor, query: Select[Any], form: str) -> Response:
    """That it was taken away is written down."""
    with site.engine.begin() as connection:
        rows = connection.execute(query).all()
        why = f"{len(rows)} cards of {visitor.scope}"
        note(connection, visitor.signature, "export the cards", None, why, site.clock.now())
    lines = (
        (
            one.id,
            one.uid,
            one.account,
            one.name_masked,
            CHIP.get(one.chip, one.chip),
            CARD[one.status],
            moment(one.blocked_at) if one.blocked_at else "",
        )
        for one in rows
    )
    return as_file(form, f"cards-{visitor.scope}", HEAD, lines)


@routes.get("/new")
def show_new(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
    return form_page(request, visitor, NEW, None, of=of, values=dict.fromkeys(FIELDS, ""))


@routes.post("/new")
def issue(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, now = form.text("account"), site.clock.now()
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
    try:
        new = _new_card(form, account)
        with acting(site, visitor, form, now, at(account)) as connection:
            issue_cards(connection, [new], now)
            note(connection, visitor.signature, f"issue card {new.id}", account, AT_THE_DESK, now)
    except Refused as error:
        return form_page(request, visitor, NEW, error, of=of, values=_typed(form))
    return go(request, at(account), f"卡 {new.id} 已发出，现在就能用。")


@routes.get("/replace")
def show_replace(request: Request, site: Here, visitor: Clerk, id: str) -> Response:
    with reading(site.engine) as connection:
        old = card_in_reach(connection, visitor, id)
    return form_page(request, visitor, REPLACE, None, old=old, values=dict.fromkeys(FIELDS, ""))


@routes.post("/replace")
def replace(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        old = card_in_reach(connection, visitor, form.text("old"))
    try:
        new = _new_card(form, old.account)
        with acting(site, visitor, form, now, at(old.account)) as connection:
            swap_card(connection, old.id, new, now)
            what = f"replace card {old.id} by {new.id}"
            note(connection, visitor.signature, what, old.account, AT_THE_DESK, now)
    except Refused as error:
        return form_page(request, visitor, REPLACE, error, old=old, values=_typed(form))
    return go(request, at(old.account), f"已换成新卡 {new.id}，旧卡 {old.id} 作废，积分不变。")


@routes.get("/stop")
def ask_to_stop(request: Request, site: Here, visitor: Clerk, id: str) -> Response:
    return _ask(request, site, visitor, id, "people/card_stop.html")


@routes.post("/stop")
def stop(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    return _changed(
        request,
        site,
        visitor,
        form,
        stop_card,
        "stop",
        "卡 {} 已挂失，各终端几秒内就不再认它。",
        "卡 {} 先前已经停用。",
    )


@routes.get("/free")
def ask_to_free(request: Request, site: Here, visitor: Clerk, id: str) -> Response:
    return _ask(request, site, visitor, id, "people/card_free.html")


@routes.post("/free")
def free(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    return _changed(
        request,
        site,
        visitor,
        form,
        free_card,
        "free",
        "卡 {} 已解除挂失，可以继续使用。",
        "卡 {} 没有挂失，不用解除。",
    )


def _changed(
    request: Request,
    site: Site,
    visitor: Visitor,
    form: Posted,
    change: Callable[[Connection, str, dt.datetime], bool],
    verb: str,
    done: str,
    was_so: str,
) -> Response:
    """Stop or free a card, and say whether that changed anything."""
    id_, why, now = form.text("id"), reason_of(form), site.clock.now()
    with reading(site.engine) as connection:
        of = card_in_reach(connection, visitor, id_)
    with acting(site, visitor, form, now, at(of.account)) as connection:
        changed = change(connection, id_, now)
        note(connection, visitor.signature, f"{verb} card {id_}", of.account, why, now)
    return go(request, at(of.account), (done if changed else was_so).format(id_))


def _new_card(form: Posted, account: str) -> NewCard:
    """As readers and people type it. Raises Refused for a chip that lacks its key."""
    chip, key = form.text("chip"), plain_uid(form.text("key")) or None
    if chip not in CHIP:
        raise Refused(422, "请选择卡的种类。")
    if chip == KEYED and key is None:
        raise Refused(422, "加密卡要填写密钥：写在制卡单上，32 位十六进制数。")
    uid = plain_uid(form.text("uid"))
    return NewCard(plain(form.text("id")), uid, account, chip, key if chip == KEYED else None)


def _typed(form: Posted) -> dict[str, str]:
    """All but the key, which no page shows again."""
    return {name: "" if name == "key" else form.text(name) for name in FIELDS}


def _ask(request: Request, site: Site, visitor: Visitor, id_: str, template: str) -> Response:
    with reading(site.engine) as connection:
        of = card_in_reach(connection, visitor, id_)
    return console_page(request, visitor, template, of=of)
