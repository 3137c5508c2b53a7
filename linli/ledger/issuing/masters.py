"""A community's master keys, in the ledger's key store: sealed like personal data, and opened only
while a card is worked on. Generations count from 1; a card's keys say of which they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection, func, insert, select, update

from linli.cards.keys import BLOCK
from linli.cards.layout import LATEST_GENERATION
from linli.ledger.issuing.schema import card_master
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.schema import org
from linli.ledger.people.vault import KeyRing, seal, unseal

Random = Callable[[int], bytes]
_NAME = "card master key"


def newest(connection: Connection, scope: str) -> int:
    """The generation that cards are given now; 0 before the first."""
    query = select(func.max(card_master.c.generation)).where(card_master.c.scope == scope)
    return connection.execute(query).scalar() or 0


def open_all(connection: Connection, ring: KeyRing, scope: str) -> dict[int, bytes]:
    """By generation, those that are not retired. Raises VaultError."""
    kept = card_master.c.scope == scope, card_master.c.sealed.is_not(None)
    return {
        row.generation: bytes.fromhex(
            unseal(ring, row.key_id, _bound_to(scope, row.generation), _NAME, bytes(row.sealed))
        )
        for row in connection.execute(select(card_master).where(*kept))
    }


def make_next(
    connection: Connection, ring: KeyRing, scope: str, by: str, random: Random, now: dt.datetime
) -> int:
    """A new generation, which cards are given from now on. Raises PeopleError after the last."""
    hold_keys(connection, scope)
    generation = newest(connection, scope) + 1
    if generation > LATEST_GENERATION:
        raise PeopleError(
            f"{scope} has had {LATEST_GENERATION} generations of card keys: there are no more"
        )
    sealed = seal(ring, _bound_to(scope, generation), _NAME, random(BLOCK).hex())
    connection.execute(
        insert(card_master).values(
            scope=scope,
            generation=generation,
            key_id=ring.current,
            sealed=sealed,
            made_at=now,
            made_by=by,
        )
    )
    return generation


def forget(connection: Connection, scope: str, generation: int, now: dt.datetime) -> None:
    """Nothing made of this master key can be changed any more, by nobody."""
    connection.execute(
        update(card_master)
        .where(card_master.c.scope == scope, card_master.c.generation == generation)
        .values(sealed=None, retired_at=now)
    )


def hold_keys(connection: Connection, scope: str) -> None:
    """Nobody else makes or retires this community's keys until the transaction ends."""
    connection.execute(select(org.c.id).where(org.c.id == scope).with_for_update()).all()


def rekey(connection: Connection, ring: KeyRing) -> int:
    """Seal those anew that are under an older key of the ring; returns how many. Raises
    VaultError."""
    old = (card_master.c.key_id != ring.current) & card_master.c.sealed.is_not(None)
    rows = connection.execute(select(card_master).where(old).with_for_update()).all()
    for row in rows:
        name = _bound_to(row.scope, row.generation)
        value = unseal(ring, row.key_id, name, _NAME, bytes(row.sealed))
        connection.execute(
            update(card_master)
            .where(card_master.c.scope == row.scope, card_master.c.generation == row.generation)
            .values(key_id=ring.current, sealed=seal(ring, name, _NAME, value))
        )
    return len(rows)


def _bound_to(scope: str, generation: int) -> str:
    """No sealed key can stand in another's place."""
    return f"card-master {scope} {generation}"
