"""积分申报: choose what was done, say when and how, show it with photos."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.declarations.declaring import BACK, Declared, declarable, declare
from linli.ledger.declarations.evidence import MOST_PHOTOS
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.declarations.words import LONGEST
from linli.ledger.standard.versions import Standards
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me, Resident
from linli.ledger.web.photos import sent_photos
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.sync.messages import Item
from linli.sync.periods import business_day

routes = APIRouter(prefix="/me")
NEAR = ("今天", "昨天", "前天")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Group:
    """A class of the standard with what can be declared of it."""

    name: str
    items: tuple[Item, ...]


@routes.get("/declare")
def choose(request: Request, site: Here, me: Me) -> Response:
    today = business_day(site.clock.now())
    with reading(site.engine) as connection:
        groups = _groups(site.shelf.read(connection), today)
    return phone_page(request, me, "declare.html", groups=groups)


@routes.get("/declare/{item}")
def show_form(request: Request, site: Here, me: Me, item: str) -> Response:
    return _form_page(request, site, me, item)


@routes.post("/declare/{item}")
def take_form(request: Request, site: Here, me: Me, item: str, form: Form) -> Response:
    now = site.clock.now()
    try:
        new = Declared(
            account=me.account,
            item=item,
            day=_day(form),
            words=form.text("words"),
            token=form.token,
            photos=sent_photos(form),
        )
        with site.engine.begin() as connection:
            id_ = declare(connection, new, site.shelf.read(connection), now)
    except DeclarationError as error:
        said = in_chinese(str(error))
        if error.refusal is Refusal.OTHER_CONTENT:
            raise Refused(409, said) from error
        return _form_page(request, site, me, item, form, said)
    site.committed()
    return go(request, f"/me/steps/{id_}", "收到了，等考评小组审核。")


def _groups(standards: Standards, today: dt.date) -> list[Group]:
    open_ = {item.code for item in declarable(standards, today)}
    doc = standards.in_force(today)
    groups = [
        Group(class_.name, tuple(item for item in class_.items if item.code in open_))
        for class_ in (doc.classes if doc else ())
    ]
    return [group for group in groups if group.items]


def _form_page(
    request: Request,
    site: Site,
    me: Resident,
    code: str,
    form: Posted | None = None,
    error: str = "",
) -> Response:
    today = business_day(site.clock.now())
    with reading(site.engine) as connection:
        items = {item.code: item for item in declarable(site.shelf.read(connection), today)}
    if code not in items:
        raise Refused(404, "这个事项现在不能申报，请从“积分申报”重新选择。")
    return phone_page(
        request,
        me,
        "declare_form.html",
        422 if error else 200,
        item=items[code],
        near=[(name, today - dt.timedelta(days=ago)) for ago, name in enumerate(NEAR)],
        earliest=today - BACK,
        today=today,
        other=OTHER,
        longest=LONGEST,
        most_photos=MOST_PHOTOS,
        error=error,
        typed={name: form.text(name) if form else "" for name in ("when", "day", "words")},
    )


def _day(form: Posted) -> dt.date:
    """One of the near days, or the one that was picked. Raises Refused for what is none."""
    when = form.text("when")
    try:
        return dt.date.fromisoformat(form.text("day") if when in ("", OTHER) else when)
    except ValueError:
        raise Refused(422, "请选一下是哪一天做的。") from None
