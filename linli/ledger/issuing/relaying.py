"""One step of a talk with a card that lies on a terminal's reader (`sync/card_asks.py`).

The terminal is believed in nothing but which terminal it is: what the card is, whose keys it has
and whether it did as told is proved by the card. The same step again is answered as before; a step
that does not follow ends nothing and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from linli.cards import personalising
from linli.cards.ntag424 import UID_SIZE
from linli.cards.personalising import CannotWorkError, Done, Reason, Send, Stage, State, Work
from linli.ledger.issuing import finishing, masters
from linli.ledger.issuing.ordering import OPEN, find_order
from linli.ledger.issuing.schema import card_keys, card_order
from linli.ledger.issuing.talks import Talk, digest, end_others, find_talk, keep_talk
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.card_life import ACTIVE
from linli.ledger.people.schema import card, holder
from linli.ledger.people.vault import KeyRing
from linli.ledger.terminals.registry import Registered
from linli.sync.asks import Answer, Declined
from linli.sync.card_asks import AskCard, CardCommands

REASON_OF = {
    Reason.TORN: "card-torn",
    Reason.OTHER_CHIP: "card-chip",
    Reason.OTHER_CARD: "card-other",
    Reason.UNKNOWN_KEYS: "card-keys",
    Reason.LOCKED: "card-locked",
    Reason.FAILED: "card-failed",
}
ROTATION = "newer keys at a tap"


class _Declined(Exception):  # noqa: N818 - it is an answer, not a failure
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Relay:
    """`random` draws 16 bytes and more for each card."""

    ring: KeyRing
    random: Callable[[int], bytes]

    def take(
        self, connection: Connection, at: Registered, ask: AskCard, now: dt.datetime
    ) -> Answer:
        """The answer to keep and give: what is declined is written down too. Raises PeopleError
        where the account was closed meanwhile, VaultError."""
        # Before the talk's own row, always in this order: nobody waits in a ring.
        find_order(connection, ask.order) if ask.order else _row(connection, ask.uid)
        try:
            if ask.step == 0:
                return self._begun(connection, at, ask, now)
            return self._gone_on(connection, at, ask, now)
        except _Declined as declined:
            return Declined(reason=declined.reason)

    def _begun(
        self, connection: Connection, at: Registered, ask: AskCard, now: dt.datetime
    ) -> Answer:
        known = find_talk(connection, self.ring, ask.talk, now)
        if known is not None:
            return self._said_before(known, at, ask)
        if len(ask.uid) != 2 * UID_SIZE:
            raise _Declined("card-chip")
        if ask.order:
            work = self._ordered(connection, at, ask, now)
        else:
            work = _to_renew(connection, at, ask.uid)
        end_others(connection, ask.uid, ask.order or None, now)
        sent = personalising.begin(work)
        said = CardCommands(step=1, commands=_hexed(sent.commands))
        talk = Talk(
            ask.talk, at.name, ask.order or None, ask.uid, 1, sent.state, digest(0, ()), said
        )
        keep_talk(connection, self.ring, talk, now)
        return said

    def _gone_on(
        self, connection: Connection, at: Registered, ask: AskCard, now: dt.datetime
    ) -> Answer:
        talk = find_talk(connection, self.ring, ask.talk, now)
        if talk is None:
            raise _Declined("talk-over")
        if ask.step != talk.step:
            return self._said_before(talk, at, ask)
        if (talk.terminal, talk.uid, talk.order or "") != (at.name, ask.uid, ask.order):
            raise _Declined("talk-over")
        state = talk.state
        if state is None:
            raise _Declined("talk-over")
        heard = digest(ask.step, ask.answers)
        said, following = self._answered(connection, at, talk, state, ask, now)
        keep_talk(
            connection,
            self.ring,
            replace(talk, step=talk.step + 1, state=following, heard=heard, said=said),
            now,
        )
        return said

    def _said_before(self, talk: Talk, at: Registered, ask: AskCard) -> Answer:
        """A lost answer is given again, to who was answered and for the same."""
        same = (talk.terminal, talk.uid, talk.order or "") == (at.name, ask.uid, ask.order)
        if not same or talk.heard != digest(ask.step, ask.answers):
            raise _Declined("talk-over")
        return talk.said

    def _answered(
        self,
        connection: Connection,
        at: Registered,
        talk: Talk,
        state: State,
        ask: AskCard,
        now: dt.datetime,
    ) -> tuple[Answer, State | None]:
        """What to say, and what to remember; None where the talk is over."""
        order = _still_open(connection, talk, now)
        of = _row(connection, talk.uid) if order is None else None
        keys = masters.open_all(connection, self.ring, _keys_of(order, of))
        answers = [bytes.fromhex(answer) for answer in ask.answers]
        try:
            outcome = personalising.step(state, answers, keys, self.random)
        except CannotWorkError as error:
            if error.reason is not Reason.TORN:
                what = f"could not make card of chip {talk.uid}: {error.reason.value}"
                account = order.account if order is not None else of.account if of else None
                note(connection, _by(at), what, account, _why(order), now)
            return Declined(reason=REASON_OF[error.reason]), None
        if isinstance(outcome, Send):
            if order is not None and outcome.state.stage is Stage.WRITE:
                _bind(connection, order, talk.uid)
            said = CardCommands(step=talk.step + 1, commands=_hexed(outcome.commands))
            return said, outcome.state
        made = self._finished(connection, at, order, of, state.work, outcome, keys, now)
        return made, None

    def _finished(
        self,
        connection: Connection,
        at: Registered,
        order: Row[Any] | None,
        of: Row[Any] | None,
        work: Work,
        done: Done,
        keys: dict[int, bytes],
        now: dt.datetime,
    ) -> Answer:
        if order is not None:
            return finishing.link(connection, at, order, work, keys, now)
        if of is None:
            raise _Declined("not-there")
        return finishing.renewed(connection, at, of, work, keys, now)

    def _ordered(
        self, connection: Connection, at: Registered, ask: AskCard, now: dt.datetime
    ) -> Work:
        order = find_order(connection, ask.order)
        if order is None or order.state != OPEN or order.expires_at <= now:
            raise _Declined("order-gone")
        if order.scope != at.scope:
            raise _Declined("order-gone")
        if order.uid not in (None, ask.uid):
            raise _Declined("card-other")
        begun = (card_order.c.uid == ask.uid) & (card_order.c.state == OPEN)
        others = select(card_order.c.id).where(begun, card_order.c.id != order.id)
        if connection.execute(others).first() is not None:
            raise _Declined("card-other")
        if connection.execute(select(card.c.id).where(card.c.uid == ask.uid)).first() is not None:
            raise _Declined("card-taken")
        generation = masters.newest(connection, order.scope) or masters.make_next(
            connection, self.ring, order.scope, "first card", self.random, now
        )
        return Work(bytes.fromhex(ask.uid), generation, file=True)


def _to_renew(connection: Connection, at: Registered, uid: str) -> Work:
    """Raises _Declined for a card that needs no newer keys, or is not this community's."""
    row = _row(connection, uid)
    if row is None or row.next is None or row.status != ACTIVE or row.scope != at.scope:
        raise _Declined("not-there")
    return Work(bytes.fromhex(uid), row.next, file=False)


def _still_open(connection: Connection, talk: Talk, now: dt.datetime) -> Row[Any] | None:
    """The order of a talk, which a clerk may have withdrawn since; None for a renewal."""
    if talk.order is None:
        return None
    order = find_order(connection, talk.order)
    if order is None or order.state != OPEN or order.expires_at <= now:
        raise _Declined("order-gone")
    if order.uid not in (None, talk.uid):
        raise _Declined("card-other")
    return order


def _row(connection: Connection, uid: str) -> Row[Any] | None:
    """A card with the keys it has and shall have, and its holder's community and masked name."""
    query = (
        select(
            card,
            card_keys.c.scope.label("keys_of"),
            card_keys.c.generation,
            card_keys.c.next,
            holder.c.scope,
            holder.c.name_masked,
        )
        .join(card_keys, card_keys.c.card == card.c.id)
        .join(holder, holder.c.account == card.c.account)
        .where(card.c.uid == uid)
        .with_for_update(of=card)
    )
    return connection.execute(query).first()


def _keys_of(order: Row[Any] | None, of: Row[Any] | None) -> str:
    if order is not None:
        return str(order.scope)
    if of is None:
        raise _Declined("not-there")
    return str(of.keys_of)


def _bind(connection: Connection, order: Row[Any], uid: str) -> None:
    """From now on the card may carry keys of this order: it takes no other."""
    connection.execute(update(card_order).where(card_order.c.id == order.id).values(uid=uid))


def _by(at: Registered) -> Staff:
    return Staff(at.name, "terminal")


def _why(order: Row[Any] | None) -> str:
    return ROTATION if order is None else f"order {order.id} of {order.made_by}"


def _hexed(commands: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(command.hex() for command in commands)
