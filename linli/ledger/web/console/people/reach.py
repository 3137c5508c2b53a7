"""Whose data somebody at the desk may see: that of their own community's people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import Connection, Row, select

from linli.ledger.people.schema import card, holder, org
from linli.ledger.staff.roles import Right
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.refusals import Refused

PEOPLE = "/console/people"
HOLDER = f"{PEOPLE}/holder"


def onlooker(visitor: Reader) -> Visitor:
    """A clerk, or somebody who oversees them and sees masked names only."""
    if not (visitor.may(Right.DESK) or visitor.may(Right.OVERSEE)):
        raise Refused(403, "居民与单位的名单只对积分服务台和监督员开放。")
    return visitor


Onlooker = Annotated[Visitor, Depends(onlooker)]


def holder_in_reach(connection: Connection, visitor: Visitor, account: str) -> Row[Any]:
    """The holder's row. Raises Refused for one who is not there, or another community's."""
    row = connection.execute(select(holder).where(holder.c.account == account)).first()
    if row is None:
        raise Refused(404, f"没有账户“{account[:48]}”，请核对编号。")
    if visitor.worker.scope not in (None, row.scope):
        raise Refused(403, f"账户 {account} 属于别的社区，请到那里的积分服务台办理。")
    return row


def card_in_reach(connection: Connection, visitor: Visitor, id_: str) -> Row[Any]:
    """The card's row with its holder's name and state. Raises Refused like `holder_in_reach`."""
    query = (
        select(card, holder.c.name_masked, holder.c.closed_as, holder.c.scope, org.c.name)
        .join(holder, holder.c.account == card.c.account)
        .join(org, org.c.id == holder.c.scope)
        .where(card.c.id == id_)
    )
    row = connection.execute(query).first()
    if row is None:
        raise Refused(404, f"没有卡号“{id_[:48]}”，请核对卡面上的号码。")
    if visitor.worker.scope not in (None, row.scope):
        raise Refused(403, f"卡 {id_} 是{row.name}的，请到那里的积分服务台办理。")
    return row


def at(account: str) -> str:
    """The address of a holder's page. Account numbers need no quoting: see checks.ACCOUNT_ID."""
    return f"{HOLDER}?account={account}"
