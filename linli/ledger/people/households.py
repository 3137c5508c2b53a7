"""Households: the doors of a building, by the names people call them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from linli.ledger.people.bearers import taken_over
from linli.ledger.people.checks import (
    BUILDING,
    COMMUNITY,
    HOUSEHOLD,
    NODE_ID,
    NewOrg,
    PeopleError,
)
from linli.ledger.people.holding import hold
from linli.ledger.people.moving import move
from linli.ledger.people.personal import plain
from linli.ledger.people.schema import holder, org
from linli.ledger.people.tree import add_orgs

LONGEST = 32


@dataclass(frozen=True, slots=True)
class Household:
    """`people` are how many live there now."""

    id: str
    name: str
    building: str
    building_name: str
    scope: str
    people: int


def home_behind(connection: Connection, place: str, door: str, now: dt.datetime) -> str:
    """The home that is meant by a building (or a unit's community) and a door's name: the place
    itself where no door is named, a household that is made where it is not there yet. The caller
    holds the community. Raises PeopleError."""
    level = connection.execute(select(org.c.level).where(org.c.id == place)).scalar()
    if level not in (BUILDING, COMMUNITY):
        raise PeopleError(f"{place!r} is no building: choose one of the community")
    if not plain(door):
        return place
    if level != BUILDING:
        raise PeopleError(f"{place!r} is no building: it has no doors")
    return make_household(connection, place, door, now)[0]


def make_household(
    connection: Connection, building: str, name: str, now: dt.datetime
) -> tuple[str, bool]:
    """Its id, and whether it was made just now; one of that name is the same one. The caller holds
    the community. Raises PeopleError."""
    name = _named(name)
    query = select(org.c.id, org.c.name).where(org.c.parent == building)
    there = connection.execute(query).all()
    for row in there:
        if plain(row.name) == name:
            return str(row.id), False
    id_ = door_id(building, name, {row.id for row in there})
    add_orgs(connection, [NewOrg(id_, building, HOUSEHOLD, name)], now)
    return id_, True


def rename_household(connection: Connection, id_: str, name: str) -> bool:
    """False where it is called that already. Nobody is told: households stay in the ledger.
    Raises PeopleError for what is no household, and for a name that is another's."""
    name = _named(name)
    known = _node(connection, id_)
    hold(connection, (), [known.scope])
    same = select(org.c.id, org.c.name).where(org.c.parent == known.parent, org.c.id != id_)
    if any(plain(row.name) == name for row in connection.execute(same)):
        raise PeopleError(f"there is a household {name} in the building already: move people there")
    if known.name == name:
        return False
    connection.execute(update(org).where(org.c.id == id_).values(name=name))
    return True


def move_behind(
    connection: Connection, account: str, place: str, door: str, seen: str, now: dt.datetime
) -> bool | None:
    """Move a holder to a building's door; False where they live there already, None where their
    home is not `seen` any more: somebody else moved them. Raises PeopleError."""
    scope = connection.execute(select(org.c.scope).where(org.c.id == place)).scalar()
    family = [account, *taken_over(connection, [account])]
    hold(connection, family, [] if scope is None else [scope])
    home = connection.execute(select(holder.c.home).where(holder.c.account == account)).scalar()
    if home != seen:
        return None
    return move(connection, account, home_behind(connection, place, door, now), now)


def read_household(connection: Connection, id_: str) -> Household:
    """Raises PeopleError for what is none."""
    _node(connection, id_)
    (found,) = _households(connection, [id_])
    return found


def count_households(connection: Connection, scope: str, building: str, text: str) -> int:
    """How many `list_households` has on all its pages."""
    query = select(func.count()).select_from(org).where(_wanted(scope, building, text))
    return connection.execute(query).scalar_one()


def list_households(
    connection: Connection, scope: str, building: str, text: str, first: int, most: int | None
) -> list[Household]:
    """Those of a community, or of one building, whose names have the text in them."""
    query = select(org.c.id).where(_wanted(scope, building, text)).order_by(org.c.path)
    ids = connection.execute(query.offset(first).limit(most)).scalars().all()
    return _households(connection, ids)


def door_id(building: str, door: str, taken: Collection[str]) -> str:
    """An id that is free, readable where it can be: yangguang-b1-301."""
    readable = f"{building}-{door.casefold()}"
    if NODE_ID.fullmatch(readable) and readable not in taken:
        return readable
    number = 0
    while True:
        told = f"{building} {door}" + (f" {number}" if number else "")
        made = f"{building[:34]}-h{hashlib.sha256(told.encode()).hexdigest()[:12]}"
        if made not in taken:
            return made
        number += 1


def _named(name: str) -> str:
    name = plain(name)
    if not 0 < len(name) <= LONGEST:
        raise PeopleError(f"call the household in 1 to {LONGEST} characters, such as 301")
    return name


def _node(connection: Connection, id_: str) -> Row[Any, Any, Any]:
    query = select(org.c.parent, org.c.name, org.c.scope)
    row = connection.execute(query.where(org.c.id == id_, org.c.level == HOUSEHOLD)).first()
    if row is None:
        raise PeopleError(f"there is no household {id_!r}: look for it in the list")
    return row


def _wanted(scope: str, building: str, text: str) -> ColumnElement[bool]:
    wanted = (org.c.scope == scope) & (org.c.level == HOUSEHOLD)
    if building:
        wanted &= org.c.parent == building
    if text:
        wanted &= org.c.name.contains(plain(text), autoescape=True)
    return wanted


def _households(connection: Connection, ids: Sequence[str]) -> list[Household]:
    above = org.alias("above")
    query = (
        select(org.c.id, org.c.name, org.c.parent, above.c.name.label("above"), org.c.scope)
        .join(above, above.c.id == org.c.parent)
        .where(org.c.id.in_(ids))
        .order_by(org.c.path)
    )
    rows = connection.execute(query).all()
    people = _people_in(connection, {row.scope for row in rows}, ids)
    return [Household(*row, people=people.get(row.id, 0)) for row in rows]


def _people_in(
    connection: Connection, scopes: Collection[str], ids: Sequence[str]
) -> dict[str, int]:
    """Counted in one go: homes have no index."""
    query = (
        select(holder.c.home, func.count())
        .where(holder.c.scope.in_(scopes), holder.c.home.in_(ids), holder.c.closed_at.is_(None))
        .group_by(holder.c.home)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
