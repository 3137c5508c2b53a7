"""Somebody comes to the desk and is enrolled: a number, a home, and what the desk may know."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from linli.ledger.people.checks import HOUSEHOLD, NewHolder, PeopleError
from linli.ledger.people.holding import hold
from linli.ledger.people.households import home_behind
from linli.ledger.people.masking import masked
from linli.ledger.people.numbering import hold_numbers, next_numbers
from linli.ledger.people.personal import Personal, checked, plain
from linli.ledger.people.persons import keep_new
from linli.ledger.people.register import enrol
from linli.ledger.people.schema import holder, org
from linli.ledger.people.vault import KeyRing
from linli.sync.messages import Kind
from linli.sync.periods import business_day

CHILD = 14
"""Below it, no name is ever shown in public."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`place` is a building, or for a unit its community; `door` the household's name, empty
    without. `child` is what they say of somebody who gives no birthday."""

    given: Personal = field(repr=False)
    kind: Kind
    place: str
    door: str
    consent: bool
    child: bool


def welcome(
    connection: Connection, scope: str, new: Newcomer, ring: KeyRing, now: dt.datetime
) -> str:
    """Enrol them in the community; returns their account. Raises PeopleError."""
    given = checked(new.given, business_day(now))
    hold_numbers(connection)
    hold(connection, (), [scope])
    live_at = home_behind(connection, new.place, new.door, now)
    (account,) = next_numbers(connection, [new.kind])
    under14 = is_child(new, now)
    enrol(
        connection,
        [NewHolder(account, given.name, new.kind, live_at, new.consent, under14)],
        now,
    )
    (lives_in,) = connection.execute(
        select(holder.c.scope).where(holder.c.account == account)
    ).one()
    if lives_in != scope:
        raise PeopleError(f"{new.place!r} is not of {scope}: choose one of its buildings")
    keep_new(connection, {account: given}, ring, now)
    return account


def is_child(new: Newcomer, now: dt.datetime) -> bool:
    """Whether they are under 14, by their birthday where it is known. Units are not."""
    if new.kind is not Kind.RESIDENT:
        return False
    born = new.given.birthday
    return new.child if born is None else under_14(born, business_day(now))


def under_14(born: dt.date, today: dt.date) -> bool:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < CHILD


def alike(connection: Connection, new: Newcomer) -> list[str]:
    """Accounts in use of the same kind and masked name, in the same building behind the same door:
    this may be somebody who is enrolled already."""
    name = masked(plain(new.given.name), new.kind)
    inside = (org.c.parent == new.place) & (org.c.level == HOUSEHOLD)
    homes = select(org.c.id).where((org.c.id == new.place) | inside)
    query = (
        select(holder.c.account, org.c.name)
        .join(org, org.c.id == holder.c.home)
        .where(
            holder.c.name_masked == name,
            holder.c.kind == new.kind.value,
            holder.c.closed_at.is_(None),
            holder.c.home.in_(homes),
        )
        .order_by(holder.c.account)
    )
    door = plain(new.door)
    rows = connection.execute(query)
    return [row.account for row in rows if not door or plain(row.name) == door]
