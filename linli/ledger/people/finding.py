"""Finds account holders in a community: by number, masked name or card, page by page in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from linli.ledger.database import in_chunks
from linli.ledger.journal.accounts import EARNED, REDEEMABLE
from linli.ledger.journal.schema import account as purse
from linli.ledger.people.checks import HOUSEHOLD
from linli.ledger.people.homes import AT_HOME, building, home
from linli.ledger.people.masking import masked
from linli.ledger.people.personal import plain, plain_uid
from linli.ledger.people.schema import card, holder, org

OPEN, ANY = "open", "any"
"""States to look for, beside those an account can be closed as."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to look for in a community; what is empty does not matter."""

    scope: str
    text: str = ""
    kind: str = ""
    building: str = ""
    state: str = OPEN


@dataclass(frozen=True, slots=True)
class Listed:
    """A holder as a list has them. `door` is empty where they live in no household; `cards` are
    those in use."""

    account: str
    kind: str
    name_masked: str
    building_name: str
    door: str
    closed_as: str | None
    cards: int
    earned: int
    redeemable: int


def count_found(connection: Connection, wanted: Wanted) -> int:
    query = select(func.count()).select_from(holder).where(_where(wanted))
    return connection.execute(query).scalar_one()


def find_holders(
    connection: Connection, wanted: Wanted, first: int = 0, most: int | None = None
) -> Iterator[Listed]:
    """In the order of their numbers; all from `first` on where there is no `most`."""
    query = select(holder.c.account).where(_where(wanted)).order_by(holder.c.account)
    if most is not None:
        query = query.offset(first).limit(most)
    # The page is cut before anything is joined to it: a district has a hundred thousand.
    accounts = connection.execute(query).scalars().all()
    for chunk in in_chunks(accounts):
        yield from list_holders(connection, chunk)


def list_holders(connection: Connection, accounts: Sequence[str]) -> list[Listed]:
    """Those of a few accounts that exist, in the order of their numbers."""
    query = (
        select(
            holder.c.account,
            holder.c.kind,
            holder.c.name_masked,
            building.c.name.label("building_name"),
            home.c.name.label("door"),
            home.c.level,
            holder.c.closed_as,
        )
        .select_from(AT_HOME)
        .where(holder.c.account.in_(accounts))
        .order_by(holder.c.account)
    )
    rows = connection.execute(query).all()
    cards, purses = _cards(connection, accounts), _purses(connection, accounts)
    return [
        Listed(
            row.account,
            row.kind,
            row.name_masked,
            row.building_name,
            row.door if row.level == HOUSEHOLD else "",
            row.closed_as,
            cards.get(row.account, 0),
            purses.get((row.account, EARNED), 0),
            purses.get((row.account, REDEEMABLE), 0),
        )
        for row in rows
    ]


def _where(wanted: Wanted) -> ColumnElement[bool]:
    where = holder.c.scope == wanted.scope
    if wanted.kind:
        where &= holder.c.kind == wanted.kind
    if wanted.building:
        households = select(org.c.id).where(
            org.c.scope == wanted.scope,
            org.c.parent == wanted.building,
            org.c.level == HOUSEHOLD,
        )
        where &= (holder.c.home == wanted.building) | holder.c.home.in_(households)
    if wanted.state == OPEN:
        where &= holder.c.closed_at.is_(None)
    elif wanted.state != ANY:
        where &= holder.c.closed_as == wanted.state
    text = plain(wanted.text)
    return where & _named(text) if text else where


def _named(text: str) -> ColumnElement[bool]:
    """A full name finds whoever is masked like it."""
    numbered = select(card.c.account).where(or_(card.c.id == text, card.c.uid == plain_uid(text)))
    return or_(
        holder.c.account.startswith(text, autoescape=True),
        holder.c.name_masked.contains(text, autoescape=True),
        holder.c.name_masked == masked(text),
        holder.c.account.in_(numbered),
    )


def _cards(connection: Connection, accounts: Sequence[str]) -> dict[str, int]:
    query = (
        select(card.c.account, func.count())
        .where(card.c.account.in_(accounts), card.c.status == "active")
        .group_by(card.c.account)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _purses(connection: Connection, accounts: Sequence[str]) -> dict[tuple[str, str], int]:
    query = select(purse.c.holder, purse.c.purse, purse.c.posted).where(
        purse.c.holder.in_(accounts)
    )
    return {(row.holder, row.purse): row.posted for row in connection.execute(query)}
