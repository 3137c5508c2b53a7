"""A clerk orders a card for somebody; a terminal of the community carries it out within a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from linli.ledger.issuing.masters import hold_keys
from linli.ledger.issuing.schema import card_order
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.card_life import REPLACED
from linli.ledger.people.cards import scopes_of
from linli.ledger.people.checks import CARD_ID, PeopleError
from linli.ledger.people.known import refuse_known
from linli.ledger.people.schema import card, holder

OPEN, DONE, GONE = "open", "done", "gone"
GOOD_FOR = dt.timedelta(days=1)
ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class NewOrder:
    """`card` is the number printed on it, empty for the next one of the account; `replaces` the
    card that is taken nowhere any more once the new one works."""

    account: str
    card: str = ""
    replaces: str | None = None


def order_card(
    connection: Connection,
    new: NewOrder,
    by: Staff,
    random: Callable[[int], bytes],
    now: dt.datetime,
) -> str:
    """The order's id. Raises PeopleError for an account that is not there, closed or waiting for a
    card already, and for a number that is taken."""
    scopes = scopes_of(connection, [new.account])
    if new.account not in scopes:
        raise PeopleError(f"account {new.account!r} is not there: enrol it first")
    hold_keys(connection, scopes[new.account])
    _let_go(connection, now)
    waiting = (card_order.c.account == new.account) & (card_order.c.state == OPEN)
    if connection.execute(select(card_order.c.id).where(waiting)).first() is not None:
        raise PeopleError(f"account {new.account} waits for a card already: make or withdraw it")
    if new.replaces is not None:
        _check_old(connection, new.account, new.replaces)
    number = new.card or _next_number(connection, new.account)
    if not CARD_ID.fullmatch(number):
        raise PeopleError(
            f"card id {number!r}: use 1 to 48 letters, digits, '.', - and _, no sign first"
        )
    refuse_known("card", connection, card.c.id, [number])
    same = (card_order.c.card == number) & (card_order.c.state == OPEN)
    if connection.execute(select(card_order.c.id).where(same)).first() is not None:
        raise PeopleError(f"card {number} is ordered already: give it another number")
    id_ = random(ID_BYTES).hex()
    connection.execute(
        insert(card_order).values(
            id=id_,
            scope=scopes[new.account],
            account=new.account,
            card=number,
            replaces=new.replaces,
            made_at=now,
            made_by=by.name,
            expires_at=now + GOOD_FOR,
            state=OPEN,
        )
    )
    note(connection, by, f"order card {number}", new.account, f"order {id_}", now)
    return id_


def withdraw(connection: Connection, id_: str, by: Staff, now: dt.datetime) -> bool:
    """False where it is not open any more. A card begun for it can be begun for another."""
    order = find_order(connection, id_)
    if order is None or order.state != OPEN:
        return False
    end(connection, id_, GONE, by.name, now)
    note(connection, by, f"withdraw order of card {order.card}", order.account, f"order {id_}", now)
    return True


def end(connection: Connection, id_: str, state: str, by: str, now: dt.datetime) -> None:
    connection.execute(
        update(card_order)
        .where(card_order.c.id == id_, card_order.c.state == OPEN)
        .values(state=state, ended_at=now, ended_by=by)
    )


def find_order(connection: Connection, id_: str) -> Row[Any] | None:
    """Nobody else changes it until the transaction ends."""
    query = select(card_order).where(card_order.c.id == id_).with_for_update()
    return connection.execute(query).first()


def open_orders(connection: Connection, scope: str, now: dt.datetime) -> Sequence[Row[Any]]:
    """The oldest first, with the holders' masked names."""
    query = (
        select(card_order, holder.c.name_masked)
        .join(holder, holder.c.account == card_order.c.account)
        .where(
            card_order.c.scope == scope,
            card_order.c.state == OPEN,
            card_order.c.expires_at > now,
        )
        .order_by(card_order.c.made_at, card_order.c.id)
    )
    return connection.execute(query).all()


def _let_go(connection: Connection, now: dt.datetime) -> None:
    """Orders that nobody carried out in time."""
    late = (card_order.c.state == OPEN) & (card_order.c.expires_at <= now)
    connection.execute(
        update(card_order).where(late).values(state=GONE, ended_at=now, ended_by="time")
    )


def _check_old(connection: Connection, account: str, id_: str) -> None:
    old = connection.execute(select(card).where(card.c.id == id_)).first()
    if old is None or old.account != account:
        raise PeopleError(f"there is no card {id_!r}: check the number printed on it")
    if old.status == REPLACED:
        raise PeopleError(f"card {id_} was replaced already: replace the one in use")


def _next_number(connection: Connection, account: str) -> str:
    """As many as the account has had, and one."""
    query = select(func.count()).select_from(card).where(card.c.account == account)
    count = connection.execute(query).scalar_one() + 1
    taken = select(card.c.id).where(card.c.id.startswith(f"{account}-", autoescape=True))
    known = set(connection.execute(taken).scalars())
    while f"{account}-{count}" in known:
        count += 1
    return f"{account}-{count}"
