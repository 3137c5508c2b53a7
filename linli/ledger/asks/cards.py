"""Which cards are to be made here, and one step of making one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from linli.ledger.issuing.ordering import open_orders
from linli.ledger.issuing.relaying import Relay
from linli.ledger.people.vault import KeyRing
from linli.ledger.terminals.registry import Registered
from linli.sync.asks import Answer
from linli.sync.card_asks import AskCard, CardOrder, CardOrders

MOST = 50


def orders_at(connection: Connection, at: Registered, now: dt.datetime) -> CardOrders:
    rows = open_orders(connection, at.scope, now)
    return CardOrders(
        orders=tuple(
            CardOrder(
                id=row.id,
                card=row.card,
                name=row.name_masked,
                made_at=row.made_at,
                begun=row.uid is not None,
            )
            for row in rows[:MOST]
        )
    )


def talk_at(
    engine: Engine,
    ring: KeyRing,
    at: Registered,
    ask: AskCard,
    random: Callable[[int], bytes],
    now: dt.datetime,
) -> Answer:
    """Raises PeopleError where the account was closed meanwhile, VaultError."""
    with engine.begin() as connection:
        return Relay(ring, random).take(connection, at, ask, now)
