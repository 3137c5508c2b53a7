"""Who stands before a terminal: the card as the ledger knows it, not only as the terminal says."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.asks.declining import Decline
from linli.ledger.people.bearers import bearers
from linli.ledger.people.card_life import ACTIVE
from linli.ledger.people.schema import card, holder
from linli.ledger.shop.customers import numbers_of
from linli.sync.asks import Tapped
from linli.sync.messages import Trust


@dataclass(frozen=True, slots=True)
class Caller:
    """`account` has the points, `numbers` are all that this person ever had."""

    account: str
    numbers: list[str]
    trust: Trust


def caller_of(connection: Connection, who: Tapped, scope: str) -> Caller:
    """Raises Decline for a card that is stopped, somebody else's, or of another community, and for
    an account that is closed. A terminal that has not heard of a merge may still name the account
    that was merged."""
    row = connection.execute(select(card).where(card.c.id == who.card)).first()
    if row is None or row.status != ACTIVE:
        raise Decline("card")
    ends = bearers(connection, {row.account, who.account})
    account = ends[row.account]
    if ends[who.account] != account:
        raise Decline("card")
    of = connection.execute(select(holder).where(holder.c.account == account)).one()
    if of.scope != scope:
        raise Decline("card")
    if of.closed_at is not None:
        raise Decline("account")
    # A chip without a key of its own can be copied, whatever a terminal says of it.
    trust = who.trust if row.key is not None else Trust.LOW
    return Caller(account, numbers_of(connection, account), trust)
