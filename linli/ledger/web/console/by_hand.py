"""手工录入: deeds that no card witnessed, entered by one member of staff and signed by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.declarations.entering import BACK, Entered, enter, refuse, sign
from linli.ledger.declarations.reading import Entry, entries, read_entry
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.people.access_log import LONGEST, note
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.schema import card
from linli.ledger.staff.roles import Right
from linli.ledger.standard.versions import Standards
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import FORBIDDEN, Clerk, Reader, Visitor
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.listing import LONGEST_SOUGHT, PER_PAGE, Format, Listing, as_file, page_number
from linli.ledger.web.photos import sent_photos
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.ledger.web.words import OUTCOME
from linli.sync.periods import business_day

routes = APIRouter(prefix="/console")
BY_HAND = "/console/by-hand"
HEAD = ("编号", "姓名", "事项", "日期", "补录原因", "凭证", "录入人", "录入时间", "结果", "第二人")
CONFLICTS = frozenset({Refusal.SETTLED, Refusal.OTHER_CONTENT})


def signatory(visitor: Reader) -> Visitor:
    """Who works at the desk, or leads the panel: both sign what somebody else entered."""
    if not (visitor.may(Right.DESK) or visitor.may(Right.LEAD)):
        raise Refused(403, FORBIDDEN)
    return visitor


Signatory = Annotated[Visitor, Depends(signatory)]


@routes.get("/by-hand")
def list_entries(
    request: Request,
    site: Here,
    visitor: Signatory,
    show: str = "",
    q: str = "",
    format_: Format = "",
) -> Response:
    waiting, text = show != "all", q.strip()[:LONGEST_SOUGHT]
    number = page_number(request)
    with reading(site.engine) as connection:
        standards = site.shelf.read(connection)
        if format_:
            found, _ = entries(connection, visitor.scope, waiting=waiting, text=text)
            bearers = read_holders(connection, {one.account for one in found})
            rows = (_row(one, bearers[one.account], standards) for one in found)
            return as_file(format_, f"by-hand-{visitor.scope}", HEAD, rows)
        offset = (number - 1) * PER_PAGE
        found, total = entries(
            connection, visitor.scope, waiting=waiting, text=text, offset=offset, most=PER_PAGE
        )
        return console_page(
            request,
            visitor,
            "by_hand.html",
            page=Listing(found, number, total, request),
            bearers=read_holders(connection, {one.account for one in found}),
            item_name=lambda one: standards.name_of(one.item, one.day),
            show=show,
            q=text,
            enters=visitor.may(Right.DESK),
        )


@routes.get("/by-hand/new")
def show_form(request: Request, site: Here, visitor: Clerk, who: str = "") -> Response:
    with reading(site.engine) as connection:
        bearer = _find(connection, who.strip(), visitor)
    error = "" if bearer or not who else f"本社区没有账号或卡号是“{who[:40]}”的人，请核对。"
    return _form_page(request, site, visitor, bearer, who, error)


@routes.post("/by-hand/new")
def take_form(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, now = form.text("account"), site.clock.now()
    try:
        new = _entered(form)
        with site.engine.begin() as connection:
            standards = site.shelf.read(connection)
            id_ = enter(connection, new, visitor.worker, standards, now)
            why = new.reason.strip()[:LONGEST]
            note(connection, visitor.signature, f"enter {id_}", account, why, now)
    except DeclarationError as error:
        if error.refusal in CONFLICTS:
            raise Refused(409, in_chinese(str(error))) from error
        with reading(site.engine) as connection:
            bearer = _find(connection, account, visitor)
        said = in_chinese(str(error))
        return _form_page(request, site, visitor, bearer, account, said, form, 422)
    return go(request, BY_HAND, "已录入，等另一位工作人员签字后才会计入待审。")


@routes.get("/by-hand/entry")
def show_entry(request: Request, site: Here, visitor: Signatory, id: str) -> Response:
    with reading(site.engine) as connection:
        entry = _here(connection, id, visitor)
        standards = site.shelf.read(connection)
        return console_page(
            request,
            visitor,
            "by_hand_entry.html",
            entry=entry,
            bearer=read_holders(connection, [entry.account])[entry.account],
            item_name=standards.name_of(entry.item, entry.day),
            scored=standards.score(entry.item, entry.day),
            own=entry.entered_by == visitor.worker.login,
        )


@routes.post("/by-hand/sign")
def take_signature(request: Request, site: Here, visitor: Signatory, form: Form) -> Response:
    id_, now = form.text("id"), site.clock.now()
    try:
        with site.engine.begin() as connection:
            entry = _here(connection, id_, visitor)
            if sign(connection, id_, visitor.worker, site.shelf.read(connection), now):
                why = "second signature"
                note(connection, visitor.signature, f"sign {id_}", entry.account, why, now)
    except DeclarationError as error:
        raise _refused(error) from error
    site.committed()
    return go(request, BY_HAND, "已签字，这件事进入考评小组的待审名单。")


@routes.post("/by-hand/refuse")
def take_refusal(request: Request, site: Here, visitor: Signatory, form: Form) -> Response:
    id_, why, now = form.text("id"), form.text("why"), site.clock.now()
    try:
        with site.engine.begin() as connection:
            entry = _here(connection, id_, visitor)
            refuse(connection, id_, visitor.worker, why, now)
            what = f"refuse {id_}"
            note(connection, visitor.signature, what, entry.account, why[:LONGEST], now)
    except DeclarationError as error:
        raise _refused(error) from error
    return go(request, BY_HAND, "已退回，这条录入不会计分。")


def _entered(form: Posted) -> Entered:
    """Raises DeclarationError for photos that are none, Refused for a day that is none."""
    try:
        day = dt.date.fromisoformat(form.text("day"))
    except ValueError:
        raise Refused(422, "请选择日期，像 2026-11-24。") from None
    return Entered(
        account=form.text("account"),
        item=form.text("item"),
        day=day,
        reason=form.text("reason"),
        token=form.token,
        paper=form.text("paper"),
        photos=sent_photos(form),
    )


def _form_page(
    request: Request,
    site: Here,
    visitor: Visitor,
    bearer: Holder | None,
    who: str,
    error: str,
    form: Posted | None = None,
    status: int = 200,
) -> Response:
    today = business_day(site.clock.now())
    with reading(site.engine) as connection:
        doc = site.shelf.read(connection).in_force(today)
    return console_page(
        request,
        visitor,
        "by_hand_new.html",
        status,
        bearer=bearer,
        who=who,
        error=error,
        classes=[] if doc is None else doc.classes,
        today=today,
        earliest=today - BACK,
        typed={
            name: form.text(name) if form else "" for name in ("item", "day", "reason", "paper")
        },
    )


def _find(connection: Connection, who: str, visitor: Visitor) -> Holder | None:
    """Somebody of the community by their account or one of their cards."""
    account = connection.execute(select(card.c.account).where(card.c.id == who)).scalar() or who
    found = read_holders(connection, [account]).get(account)
    return found if found is not None and found.scope == visitor.scope else None


def _here(connection: Connection, id_: str, visitor: Visitor) -> Entry:
    """Raises Refused for what is not there, or another community's."""
    found = read_entry(connection, id_)
    if found is None or found.scope != visitor.scope:
        raise Refused(404, "没有这条手工录入，可能是地址不完整。")
    return found


def _refused(error: DeclarationError) -> Refused:
    return Refused(409 if error.refusal in CONFLICTS else 422, in_chinese(str(error)))


def _row(one: Entry, bearer: Holder, standards: Standards) -> Sequence[object]:
    photos = len(one.evidence.pictures)
    proof = [one.evidence.paper] if one.evidence.paper else []
    return (
        one.id,
        bearer.name_masked,
        standards.name_of(one.item, one.day),
        one.day.isoformat(),
        one.evidence.words,
        "、".join([*proof, *([f"照片 {photos} 张"] if photos else [])]),
        one.entered_name,
        one.entered_at.isoformat(timespec="minutes"),
        OUTCOME[one.outcome],
        one.settled_name or "",
    )
