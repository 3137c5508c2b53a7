"""Finds who stands at the counter: by account, by card, and nobody of another community."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.schema import card, holder
from linli.ledger.shop.customers import numbers_of
from linli.ledger.web.console.guard import Visitor
from linli.ledger.web.refusals import Refused


@dataclass(frozen=True, slots=True)
class Person:
    """Who has the points, and all numbers they ever had."""

    of: Holder
    numbers: list[str]


def find_person(connection: Connection, visitor: Visitor, typed: str) -> Person | None:
    """The person with this account, card number or card UID; None where there is none. Raises
    Refused for somebody of another community."""
    uid = typed.replace(":", "").replace(" ", "").lower()
    by_card = select(card.c.account).where(or_(card.c.id == typed, card.c.uid == uid))
    query = select(holder.c.account).where(
        or_(holder.c.account == typed, holder.c.account.in_(by_card))
    )
    account = connection.execute(query.limit(1)).scalar()
    if account is None:
        return None
    account = bearers(connection, [account])[account]
    found = read_holders(connection, [account])[account]
    if found.scope != visitor.scope:
        raise Refused(403, "这位居民属于别的社区，请到那里的服务台兑换。")
    return Person(found, numbers_of(connection, account))


def require_person(connection: Connection, visitor: Visitor, typed: str) -> Person:
    """Raises Refused."""
    found = find_person(connection, visitor, typed)
    if found is None:
        raise Refused(404, "没有找到这个人，请核对积分账号或卡号。")
    return found
