"""Drafting an adjustment of the standard: begun, filled item by item, thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.staff.submissions import first_time
from linli.ledger.standard.changes import Change, Field, Placed, classes_of, items_of
from linli.ledger.standard.drafting import (
    discard,
    draft,
    drop_item,
    newest_version,
    put_change,
    put_item,
    set_day,
    withdraw_item,
)
from linli.ledger.standard.faults import AdjustError
from linli.ledger.standard.sets import read_set
from linli.ledger.standard.shown import Turn
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.console.item_form import blank, entered, shown_in, typed_item
from linli.ledger.web.console.standard import may_draft, refused
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site

routes = APIRouter(prefix="/console/standard")
STANDARD = "/console/standard"


def drafter(visitor: Reader) -> Visitor:
    if not may_draft(visitor):
        raise Refused(403, "调整标准由考评小组组长或系统管理员起草。")
    return visitor


Drafter = Annotated[Visitor, Depends(drafter)]


@contextmanager
def changing(site: Site) -> Iterator[Connection]:
    """A transaction on the standard; what its room refuses becomes the answer."""
    try:
        with site.engine.begin() as connection:
            yield connection
    except AdjustError as error:
        raise refused(error) from error


@routes.post("")
def begin(request: Request, site: Here, visitor: Drafter, form: Form) -> Response:
    now, day = site.clock.now(), day_in(form, "effective_on")
    with changing(site) as connection:
        if not first_time(connection, form.token, visitor.worker.login, now):
            return go(request, STANDARD, "这份草案已经建好了。")
        id_ = draft(connection, form.text("month"), day, visitor.worker.name, now)
        note(connection, visitor.signature, f"draft {id_}", None, f"from {day}", now)
    return go(request, f"{STANDARD}/{id_}", "草案建好了。请选择要调整的事项，逐项填写。")


@routes.get("/{id_}/item")
def item_form(
    request: Request, site: Here, visitor: Drafter, id_: str, code: str = "", class_code: str = ""
) -> Response:
    try:
        with reading(site.engine) as connection:
            of, base = read_set(connection, id_), newest_version(connection)
            standards = site.shelf.read(connection)
    except AdjustError as error:
        raise refused(error) from error
    if code:
        found = entered(of, base, code)
        if found is None:
            raise Refused(404, "现行标准里没有这个事项，可能已经取消。")
    elif class_code in classes_of(base):
        found = blank(of, standards, class_code), Turn.ADDED, ""
    else:
        raise Refused(422, "请先选择要调整的事项，或者新增事项的类别。")
    placed, turn, reason = found
    return console_page(
        request,
        visitor,
        "item.html",
        of=of,
        base=base,
        before=items_of(base).get(placed.item.code),
        placed=placed,
        turn=turn,
        reason=reason,
        class_name=classes_of(base)[placed.class_code],
    )


@routes.post("/{id_}/item")
def put(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    new = form.text("class_code")
    if new:
        code = form.text("code").upper()
        placed = Placed(class_code=new, item=typed_item(form, code))
        with changing(site) as connection:
            change = Change(code, Field.ADDED, None, placed)
            put_change(connection, id_, change, form.text("reason"))
            _note(connection, site, visitor, form, f"adjust {id_}: add {code}")
        return go(request, f"{STANDARD}/{id_}", f"{code} 已列为新增。")
    shown = shown_in(form)
    code = shown.item.code
    wanted = Placed(class_code=shown.class_code, item=typed_item(form, code))
    with changing(site) as connection:
        changes = put_item(connection, id_, shown, wanted, form.text("reason"))
        fields = ", ".join(change.field for change in changes) or "nothing"
        _note(connection, site, visitor, form, f"adjust {id_}: {fields} of {code}")
    said = f"{code} 的 {len(changes)} 处调整已记下。" if changes else f"{code} 不再调整。"
    return go(request, f"{STANDARD}/{id_}", said)


@routes.post("/{id_}/withdraw")
def withdraw(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    shown = shown_in(form)
    with changing(site) as connection:
        withdraw_item(connection, id_, shown, form.text("reason"))
        _note(connection, site, visitor, form, f"adjust {id_}: withdraw {shown.item.code}")
    return go(request, f"{STANDARD}/{id_}", f"{shown.item.code} 已列为取消。")


@routes.post("/{id_}/drop")
def drop(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    code = form.text("code")
    with changing(site) as connection:
        drop_item(connection, id_, code)
        _note(connection, site, visitor, form, f"adjust {id_}: leave {code}")
    return go(request, f"{STANDARD}/{id_}", f"{code} 不再调整。")


@routes.post("/{id_}/day")
def change_day(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    day = day_in(form, "effective_on")
    with changing(site) as connection:
        set_day(connection, id_, day)
        _note(connection, site, visitor, form, f"adjust {id_}: from {day}")
    return go(request, f"{STANDARD}/{id_}", "生效日期已改。")


@routes.post("/{id_}/discard")
def throw_away(request: Request, site: Here, visitor: Drafter, form: Form, id_: str) -> Response:
    with changing(site) as connection:
        discard(connection, id_)
        _note(connection, site, visitor, form, f"discard draft {id_}")
    return go(request, STANDARD, "草案已作废。")


def day_in(form: Posted, name: str) -> dt.date:
    """Raises Refused."""
    try:
        return dt.date.fromisoformat(form.text(name))
    except ValueError:
        raise Refused(422, "日期请写成 2026-12-01 这样。") from None


def _note(connection: Connection, site: Site, visitor: Visitor, form: Posted, what: str) -> None:
    why = form.text("reason")[:200] or "the draft"
    note(connection, visitor.signature, what, None, why, site.clock.now())
