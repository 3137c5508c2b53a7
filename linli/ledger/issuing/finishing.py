"""A card has proved that it works: it is its holder's, or has its newer keys, from now on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.cards import layout
from linli.cards.personalising import Work
from linli.ledger.feed.rows import card_rows
from linli.ledger.feed.writer import append
from linli.ledger.ingest.stopping import swap_card
from linli.ledger.issuing.ordering import DONE, end
from linli.ledger.issuing.schema import card_keys
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.card_life import REPLACED
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard
from linli.ledger.people.schema import card, holder
from linli.ledger.terminals.registry import Registered
from linli.sync.card_asks import CardMade
from linli.sync.messages import Stream

CHIP = "ntag424"


def link(
    connection: Connection,
    at: Registered,
    order: Row[Any],
    work: Work,
    masters: dict[int, bytes],
    now: dt.datetime,
) -> CardMade:
    """The card is the holder's; what it replaces is taken nowhere any more. Raises PeopleError."""
    key = layout.card_key(masters[work.generation], work.uid, layout.MESSAGE)
    new = NewCard(order.card, work.uid.hex(), order.account, CHIP, key.hex())
    old = order.replaces
    if old is not None and _status(connection, old) != REPLACED:
        swap_card(connection, old, new, now)
    else:
        issue_cards(connection, [new], now)
    connection.execute(
        insert(card_keys).values(card=order.card, scope=order.scope, generation=work.generation)
    )
    end(connection, order.id, DONE, at.name, now)
    what = f"issue card {order.card}" + ("" if old is None else f" for card {old}")
    why = f"order {order.id} of {order.made_by}"
    note(connection, Staff(at.name, "terminal"), what, order.account, why, now)
    named = select(holder.c.name_masked).where(holder.c.account == order.account)
    return CardMade(card=order.card, name=connection.execute(named).scalar_one())


def renewed(
    connection: Connection,
    at: Registered,
    of: Row[Any],
    work: Work,
    masters: dict[int, bytes],
    now: dt.datetime,
) -> CardMade:
    """The old key is no card's any more: terminals accept nothing made with it."""
    key = layout.card_key(masters[work.generation], work.uid, layout.MESSAGE)
    connection.execute(update(card).where(card.c.id == of.id).values(key=key.hex(), next_key=None))
    connection.execute(
        update(card_keys)
        .where(card_keys.c.card == of.id)
        .values(generation=work.generation, next=None)
    )
    append(connection, of.scope, Stream.HOLDERS, card_rows(connection, [of.id]), now)
    what = f"renew keys of card {of.id} to generation {work.generation}"
    note(connection, Staff(at.name, "terminal"), what, of.account, "newer keys at a tap", now)
    return CardMade(card=of.id, name=of.name_masked)


def _status(connection: Connection, id_: str) -> str | None:
    return connection.execute(select(card.c.status).where(card.c.id == id_)).scalar()
