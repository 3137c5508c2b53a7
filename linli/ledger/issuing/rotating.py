"""A community's cards get keys of a new master key, each at one of its next taps.

Both keys of a card are told to its terminals before any card is touched, so that a terminal
without network accepts a card whichever of them it has. The old master key is deleted once no card
needs it, or when a maintainer decides not to wait: cards that were not renewed count as simple ones
then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, select, update

from linli.cards import layout
from linli.ledger.database import in_chunks
from linli.ledger.feed.rows import card_rows
from linli.ledger.feed.writer import append_many
from linli.ledger.issuing import masters
from linli.ledger.issuing.schema import card_keys, card_master, card_order
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.card_life import ACTIVE, REPLACED
from linli.ledger.people.cards import by_scope
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.schema import card, holder
from linli.ledger.people.vault import KeyRing
from linli.sync.messages import Stream

WHY = "card keys"


@dataclass(frozen=True, slots=True)
class Generation:
    """`cards` have its keys, `active` of them are in use; `begun` orders may have left some of its
    keys in a card. Current is the one that cards are given now."""

    number: int
    made_at: dt.datetime
    made_by: str
    retired_at: dt.datetime | None
    cards: int
    active: int
    current: bool


def generations(connection: Connection, scope: str) -> list[Generation]:
    """The newest first."""
    active = func.count().filter(card.c.status == ACTIVE)
    count = (
        select(card_keys.c.generation, func.count().label("cards"), active.label("active"))
        .join(card, card.c.id == card_keys.c.card)
        .where(card_keys.c.scope == scope, card.c.status != REPLACED)
        .group_by(card_keys.c.generation)
    )
    counts = {row.generation: (row.cards, row.active) for row in connection.execute(count)}
    query = select(card_master).where(card_master.c.scope == scope)
    rows = connection.execute(query.order_by(card_master.c.generation.desc())).all()
    return [
        Generation(
            row.generation,
            row.made_at,
            row.made_by,
            row.retired_at,
            *counts.get(row.generation, (0, 0)),
            current=row is rows[0],
        )
        for row in rows
    ]


def by_hand(connection: Connection, scope: str) -> int:
    """Cards in use whose key was typed in: their other keys are not ours, nothing renews them."""
    query = (
        select(func.count())
        .select_from(card)
        .join(holder, holder.c.account == card.c.account)
        .outerjoin(card_keys, card_keys.c.card == card.c.id)
        .where(
            holder.c.scope == scope,
            card.c.key.is_not(None),
            card.c.status == ACTIVE,
            card_keys.c.card.is_(None),
        )
    )
    return connection.execute(query).scalar_one()


def begin_rotation(
    connection: Connection,
    ring: KeyRing,
    scope: str,
    by: Staff,
    random: Callable[[int], bytes],
    now: dt.datetime,
) -> int:
    """The new generation. Raises PeopleError where an older one is not retired yet, or there is
    nothing to renew."""
    masters.hold_keys(connection, scope)
    known = [one for one in generations(connection, scope) if one.retired_at is None]
    if not known:
        raise PeopleError(f"{scope} has no card keys yet: they are made with the first card")
    if len(known) > 1:
        raise PeopleError(
            f"keys of {scope} are being renewed already: retire generation {known[-1].number} first"
        )
    generation = masters.make_next(connection, ring, scope, by.name, random, now)
    master = masters.open_all(connection, ring, scope)[generation]
    query = (
        select(card.c.id, card.c.uid)
        .join(card_keys, card_keys.c.card == card.c.id)
        .where(card_keys.c.scope == scope, card.c.status != REPLACED)
    )
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    if rows:
        keys = [
            {
                "of": row.id,
                "new": layout.card_key(master, bytes.fromhex(row.uid), layout.MESSAGE).hex(),
            }
            for row in rows
        ]
        each = update(card).where(card.c.id == bindparam("of"))
        connection.execute(each.values(next_key=bindparam("new")), keys)
    for chunk in in_chunks(ids):
        connection.execute(
            update(card_keys).where(card_keys.c.card.in_(chunk)).values(next=generation)
        )
    _tell(connection, ids, now)
    note(connection, by, f"begin generation {generation} of card keys", None, WHY, now)
    return generation


def retire(connection: Connection, scope: str, number: int, by: Staff, now: dt.datetime) -> int:
    """Delete a master key that cards are given no more; returns how many cards still had it and
    count as simple from now on. Raises PeopleError for the current one and one that is gone."""
    masters.hold_keys(connection, scope)
    known = {one.number: one for one in generations(connection, scope)}
    one = known.get(number)
    if one is None or one.retired_at is not None:
        raise PeopleError(f"generation {number} of card keys is not there any more")
    if one.current:
        raise PeopleError(f"generation {number} is in use: begin a new one first")
    where = (card_keys.c.scope == scope) & (card_keys.c.generation == number)
    ids = connection.execute(select(card_keys.c.card).where(where)).scalars().all()
    for chunk in in_chunks(ids):
        lost = {"key": None, "next_key": None}
        connection.execute(update(card).where(card.c.id.in_(chunk)).values(lost))
    connection.execute(delete(card_keys).where(where))
    masters.forget(connection, scope, number, now)
    _tell(connection, ids, now)
    what = f"retire generation {number} of card keys, {one.active} cards left without"
    note(connection, by, what, None, WHY, now)
    return one.active


def begun_orders(connection: Connection, scope: str) -> int:
    """Orders whose card was begun and not finished: it may have keys of any generation."""
    query = select(func.count()).select_from(card_order)
    begun = (card_order.c.scope == scope) & (card_order.c.state == "open")
    return connection.execute(query.where(begun, card_order.c.uid.is_not(None))).scalar_one()


def _tell(connection: Connection, ids: Collection[str], now: dt.datetime) -> None:
    found: list[tuple[str, str]] = []
    for chunk in in_chunks(ids):
        query = (
            select(holder.c.scope, card.c.id)
            .join(card, card.c.account == holder.c.account)
            .where(card.c.id.in_(chunk))
        )
        found += [(row.scope, row.id) for row in connection.execute(query)]
    groups: dict[str, Sequence[str]] = dict(by_scope(found))
    told = {
        (scope, Stream.HOLDERS): card_rows(connection, group) for scope, group in groups.items()
    }
    append_many(connection, told, now)
