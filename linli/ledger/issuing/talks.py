"""What a talk with a card remembers from one step to the next, sealed: it holds session keys."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from linli.cards.personalising import State
from linli.ledger.issuing.schema import card_talk
from linli.ledger.people.vault import KeyRing, seal, unseal
from linli.sync.asks import Answer, read_answer
from linli.sync.messages import encode

GOOD_FOR = dt.timedelta(minutes=2)
_NAME = "card talk"


@dataclass(frozen=True, slots=True)
class Talk:
    """`state` is None where it is over. `heard` and `said`: what brought it to `step`, and what was
    answered."""

    id: str
    terminal: str
    order: str | None
    uid: str
    step: int
    state: State | None
    heard: str
    said: Answer


def find_talk(connection: Connection, ring: KeyRing, id_: str, now: dt.datetime) -> Talk | None:
    """Held until the transaction ends. Raises VaultError."""
    query = select(card_talk).where(card_talk.c.id == id_, card_talk.c.expires_at > now)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        return None
    state = None
    if row.sealed is not None:
        opened = unseal(ring, row.key_id, f"{row.id} {row.step}", _NAME, bytes(row.sealed))
        state = _states.decode(opened)
    said = read_answer(bytes(row.said))
    return Talk(row.id, row.terminal, row.order_id, row.uid, row.step, state, row.heard, said)


def keep_talk(connection: Connection, ring: KeyRing, talk: Talk, now: dt.datetime) -> None:
    """Begun or gone on with: the next step may come within two minutes."""
    sealed = None
    if talk.state is not None:
        text = msgspec.json.encode(talk.state).decode()
        sealed = seal(ring, f"{talk.id} {talk.step}", _NAME, text)
    values = {
        "step": talk.step,
        "heard": talk.heard,
        "said": encode(talk.said),
        "key_id": ring.current,
        "sealed": sealed,
        "expires_at": now + GOOD_FOR,
    }
    changed = connection.execute(
        update(card_talk).where(card_talk.c.id == talk.id).values(values)
    ).rowcount
    if not changed:
        connection.execute(
            insert(card_talk).values(
                id=talk.id,
                terminal=talk.terminal,
                order_id=talk.order,
                uid=talk.uid,
                **values,
            )
        )


def end_others(connection: Connection, uid: str, order: str | None, now: dt.datetime) -> None:
    """A new talk with a card, or for an order, ends those before; old ones are cleared away."""
    same = (card_talk.c.uid == uid) | (card_talk.c.expires_at <= now)
    if order is not None:
        same |= card_talk.c.order_id == order
    connection.execute(delete(card_talk).where(same))


def digest(step: int, answers: Sequence[str]) -> str:
    return hashlib.sha256(msgspec.json.encode([step, answers])).hexdigest()


_states = msgspec.json.Decoder(State)
