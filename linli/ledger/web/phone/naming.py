"""我的姓名: whether everybody may read one's masked name, to be changed at any time."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from linli.ledger.database import reading
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.schema import holder
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here
from linli.sync.messages import Kind

routes = APIRouter(prefix="/me")
SHOW, HIDE = "show", "hide"


@routes.get("/name")
def show(request: Request, site: Here, me: Me) -> Response:
    with reading(site.engine) as connection:
        query = select(holder).where(holder.c.account == me.account)
        row = connection.execute(query).one()
    return phone_page(request, me, "name.html", row=row, is_unit=me.kind is Kind.UNIT)


@routes.post("/name")
def change(request: Request, site: Here, me: Me, form: Form) -> Response:
    wanted = form.text("name")
    if wanted not in (SHOW, HIDE) or me.kind is Kind.UNIT:
        raise Refused(422, "请在页面上选择怎样显示姓名。")
    try:
        with site.engine.begin() as connection:
            now = site.clock.now()
            set_consent(connection, me.account, now, agreed=wanted == SHOW)
    except PeopleError as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    said = "已改为显示姓名（隐去一部分）。" if wanted == SHOW else "已改为不显示姓名。"
    return go(request, "/me/name", said)
