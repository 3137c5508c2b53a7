"""A holder moves: to another door, another building, or another community."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.checks import HOUSEHOLD
from linli.ledger.people.households import move_behind
from linli.ledger.people.schema import holder, org
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import AT_THE_DESK, acting
from linli.ledger.web.console.people.places import buildings_of, communities
from linli.ledger.web.console.people.reach import HOLDER, PEOPLE, at, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix=HOLDER)
STALE = "这个人的住址刚刚被别的工作人员改过，没有再改。请看看新住址对不对。"


@routes.get("/home")
def show_form(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    """`to` is another community to move to."""
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        every = communities(connection)
        to = request.query_params.get("to", of.scope)
        if to not in dict(every):
            to = of.scope
        home = connection.execute(select(org).where(org.c.id == of.home)).one()
        return console_page(
            request,
            visitor,
            "people/home.html",
            of=of,
            to=to,
            communities=every,
            buildings=buildings_of(connection, to),
            building=home.parent if home.level == HOUSEHOLD else home.id,
            door=home.name if home.level == HOUSEHOLD else "",
        )


@routes.post("/home")
def move(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, now = form.text("account"), site.clock.now()
    place, door = form.text("place"), form.text("door")
    with acting(site, visitor, form, now, at(account)) as connection:
        before = holder_in_reach(connection, visitor, account)
        moved = move_behind(connection, account, place, door, form.text("seen"), now)
        if moved is None:
            raise Refused(409, STALE)
        note(connection, visitor.signature, f"move to {place}", account, AT_THE_DESK, now)
        after = select(holder.c.scope).where(holder.c.account == account)
        scope = connection.execute(after).scalar_one()
    if not moved:
        return go(request, at(account), "本来就住在这里，没有改动。")
    if scope != before.scope and visitor.worker.scope is not None:
        said = (
            f"{before.name_masked}（{account}）已迁往另一个社区，积分和卡随人走；以后由那里办理。"
        )
        return go(request, PEOPLE, said)
    return go(request, at(account), "住址已更新，积分和排名随人走。")
