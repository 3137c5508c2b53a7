"""A card is gone, and with it the way to say who one is: known by phone number and PIN, somebody
stops all their cards at any terminal.

Whoever tries numbers learns nothing: an unknown number and a wrong PIN take the same time and get
the same answer, and tries are counted by number and by terminal before they are looked at. They are
not counted against the PIN: a stranger who knows a number must not be able to lock it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from linli.ledger.asks.declining import Decline
from linli.ledger.database import reading
from linli.ledger.ingest.stopping import stop_card
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.bearers import bearers
from linli.ledger.people.card_life import ACTIVE, BLOCKED
from linli.ledger.people.personal_schema import person
from linli.ledger.people.schema import card, holder, holder_pin
from linli.ledger.people.vault import KeyRing, blind_index
from linli.ledger.shop.customers import numbers_of
from linli.ledger.staff import passwords
from linli.ledger.staff.attempts import (
    ADDRESS,
    TooManyAttemptsError,
    failed,
    of_loss,
    require_patience,
    succeeded,
)
from linli.ledger.terminals.registry import Registered
from linli.sync.asks import AskLoss, LossTaken

COMPARED = 4
"""PINs that are compared for every try: as many as a family has that shares a number."""
REPORTED = "stop cards, lost"


def take_loss(
    engine: Engine, ring: KeyRing, at: Registered, ask: AskLoss, now: dt.datetime
) -> LossTaken:
    """Raises Decline: wrong, or too many tries."""
    number = of_loss(blind_index(ring.keys[ring.current], "phone", ask.phone))
    names = [number, f"{ADDRESS}terminal {at.name}"]
    try:
        with engine.begin() as connection:
            require_patience(connection, names, now)
            failed(connection, names, now)  # until it proves right
    except TooManyAttemptsError as error:
        raise Decline("pin-locked", 0) from error
    found = _whose(engine, ring, ask)
    if not found:
        raise Decline("pin-wrong")
    with engine.begin() as connection:
        for name in names:
            succeeded(connection, name)
        counts = {account: _stop_all(connection, account, at, now) for account in found}
        query = select(holder.c.name_masked).where(holder.c.account.in_(found))
        masked = connection.execute(query.order_by(holder.c.account)).scalars().all()
    stopped = sum(counts.values())
    if not stopped:
        raise Decline("not-there")
    return LossTaken(name="、".join(masked), cards=stopped)


def _whose(engine: Engine, ring: KeyRing, ask: AskLoss) -> list[str]:
    """The accounts with this number and PIN: usually one."""
    indexes = [blind_index(key, "phone", ask.phone) for key in ring.keys.values()]
    with reading(engine) as connection:
        query = select(person.c.account).where(person.c.phone_index.in_(indexes))
        accounts = sorted({*bearers(connection, connection.execute(query).scalars()).values()})
        kept = select(holder_pin).where(holder_pin.c.account.in_(accounts))
        hashes = {row.account: row.hash for row in connection.execute(kept)}
    right = [account for account in accounts if passwords.matches(ask.pin, hashes.get(account))]
    for _ in range(COMPARED - len(accounts)):
        passwords.matches(ask.pin, None)
    return right


def _stop_all(connection: Connection, account: str, at: Registered, now: dt.datetime) -> int:
    """How many cards of theirs are stopped now, or were already."""
    cards = _cards(connection, numbers_of(connection, account))
    for id_ in cards:
        stop_card(connection, id_, now)
    note(connection, Staff(at.name, "terminal"), REPORTED, account, "by phone number and PIN", now)
    return len(cards)


def _cards(connection: Connection, numbers: Sequence[str]) -> list[str]:
    in_use = card.c.account.in_(numbers) & card.c.status.in_((ACTIVE, BLOCKED))
    query = select(card.c.id).where(in_use).order_by(card.c.id)
    return list(connection.execute(query).scalars())
