"""Two accounts of one person become one: look for the other, see what moves, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, Row, func, select

from linli.ledger.database import reading
from linli.ledger.journal.accounts import EARNED, REDEEMABLE
from linli.ledger.journal.schema import account as purse
from linli.ledger.journal.schema import deed
from linli.ledger.people.access_log import note
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.finding import ANY, Wanted, find_holders
from linli.ledger.people.merging import check_merge, merge
from linli.ledger.people.schema import card
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import acting, reason_of
from linli.ledger.web.console.people.reach import HOLDER, at, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here

routes = APIRouter(prefix=HOLDER)
CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two has now."""

    known: Holder
    pending: int
    earned: int
    redeemable: int
    deeds: int
    cards: Sequence[Row[Any]]


@routes.get("/merge")
def look_for_other(
    request: Request, site: Here, visitor: Clerk, account: str, q: str = "", into: str = ""
) -> Response:
    """`account` goes into `into`, which is found by `q` first."""
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        if into:
            holder_in_reach(connection, visitor, into)
            loser, winner = (_side(connection, one) for one in (account, into))
            return console_page(
                request,
                visitor,
                "people/merge.html",
                of=of,
                loser=loser,
                winner=winner,
                wrong=_wrong(loser, winner),
            )
        rows = []
        if q.strip():
            wanted = Wanted(of.scope, q.strip()[:64], of.kind, state=ANY)
            found = find_holders(connection, wanted, 0, CANDIDATES)
            rows = [one for one in found if one.account != account]
        return console_page(request, visitor, "people/merge_with.html", of=of, rows=rows, q=q)


@routes.post("/merge")
def make_one(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    loser, winner = form.text("loser"), form.text("winner")
    why, now = reason_of(form), site.clock.now()
    with acting(site, visitor, form, now, at(winner)) as connection:
        for one in (loser, winner):
            holder_in_reach(connection, visitor, one)
        done = merge(connection, loser, winner, now)
        note(connection, visitor.signature, f"merge into {winner}", loser, why, now)
    said = f"已把 {loser} 并入 {winner}，积分、卡和事项都算在一起。"
    return go(request, at(winner), said if done else f"{loser} 先前已经并入 {winner}。")


def _side(connection: Connection, account: str) -> Side:
    purses = {
        row.purse: row for row in connection.execute(select(purse).where(purse.c.holder == account))
    }
    count = select(func.count()).select_from(deed).where(deed.c.account == account)
    cards = select(card).where(card.c.account == account).order_by(card.c.id)
    return Side(
        read_holders(connection, [account])[account],
        purses[EARNED].pending,
        purses[EARNED].posted,
        purses[REDEEMABLE].posted,
        connection.execute(count).scalar_one(),
        connection.execute(cards).all(),
    )


def _wrong(loser: Side, winner: Side) -> str:
    """Why these two cannot be one, in Chinese; empty where they can."""
    if loser.known.account == winner.known.account:
        return "这是同一个账户。"
    try:
        check_merge(loser.known, winner.known)
    except PeopleError as error:
        return in_chinese(str(error))
    return ""
