"""A holder goes: moves away, or wants to be forgotten."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.erasing import erase
from linli.ledger.people.leaving import leave
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import acting, reason_of
from linli.ledger.web.console.people.reach import HOLDER, at, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix=HOLDER)


@routes.get("/leave")
def ask_to_leave(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
    return console_page(request, visitor, "people/leave.html", of=of)


@routes.post("/leave")
def let_leave(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with acting(site, visitor, form, now, at(account)) as connection:
        holder_in_reach(connection, visitor, account)
        left = leave(connection, account, now)
        note(connection, visitor.signature, "leave", account, why, now)
    said = "已办理迁出：卡已停用，排名里不再出现，剩下的积分保留。"
    return go(request, at(account), said if left else "这个账户先前已经关闭，没有再办理。")


@routes.get("/erase")
def ask_to_erase(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        end = bearers(connection, [account])[account]
        family = [end, *sorted(taken_over(connection, [end]))]
    return console_page(request, visitor, "people/erase.html", of=of, family=family)


@routes.post("/erase")
def forget(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    if form.text("typed") != account:
        raise Refused(422, f"为防止误删，请在确认框里照样输入账户编号 {account}，再提交一次。")
    with acting(site, visitor, form, now, at(account)) as connection:
        holder_in_reach(connection, visitor, account)
        erased = erase(connection, account, visitor.signature, why, now)
    said = "个人信息已删除，卡已停用。积分事项只以编号留在账本里。"
    return go(request, at(account), said if erased else "这个账户先前已经注销过。")
