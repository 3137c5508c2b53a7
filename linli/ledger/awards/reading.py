"""Reads the candidates of a year, and what the panel said of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.awards.rules import Title
from linli.ledger.awards.schema import ballot, candidate
from linli.ledger.people.directory import Holder, read_holders


@dataclass(frozen=True, slots=True)
class Candidate:
    """`number` is the certificate's, None while the panel has not chosen them."""

    account: str
    rank: int
    points: int
    number: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """A candidate before the panel: `said` is each member's last word, True in favour."""

    candidate: Candidate
    holder: Holder
    said: Mapping[str, bool]

    @property
    def in_favour(self) -> int:
        return sum(self.said.values())

    @property
    def against(self) -> int:
        return len(self.said) - self.in_favour


@dataclass(frozen=True, slots=True)
class Honour:
    """Somebody who was chosen."""

    number: str
    title: Title
    year: str
    account: str
    chosen_at: dt.datetime


def candidates(connection: Connection, scope: str, year: str, title: Title) -> list[Candidate]:
    """Best first."""
    query = (
        select(candidate.c.account, candidate.c.rank, candidate.c.points, candidate.c.number)
        .where(
            candidate.c.scope == scope,
            candidate.c.year == year,
            candidate.c.title == title.value,
        )
        .order_by(candidate.c.rank, candidate.c.account)
    )
    return [Candidate(**row._asdict()) for row in connection.execute(query)]


def tallies(connection: Connection, scope: str, year: str, title: Title) -> list[Tally]:
    """Best first."""
    found = candidates(connection, scope, year, title)
    holders = read_holders(connection, [one.account for one in found])
    said: dict[str, dict[str, bool]] = {one.account: {} for one in found}
    query = select(ballot.c.account, ballot.c.member, ballot.c.in_favour).where(
        ballot.c.scope == scope, ballot.c.year == year, ballot.c.title == title.value
    )
    for row in connection.execute(query):
        said[row.account][row.member] = row.in_favour
    return [Tally(one, holders[one.account], said[one.account]) for one in found]


def years(connection: Connection, scope: str) -> list[str]:
    """The years with candidates, newest first."""
    query = select(candidate.c.year).distinct().where(candidate.c.scope == scope)
    return sorted(connection.execute(query).scalars(), reverse=True)


def honours(connection: Connection, scope: str) -> list[Honour]:
    """Everybody who was ever chosen in a community, the newest first."""
    query = (
        select(
            candidate.c.number,
            candidate.c.title,
            candidate.c.year,
            candidate.c.account,
            candidate.c.chosen_at,
        )
        .where(candidate.c.scope == scope, candidate.c.number.is_not(None))
        .order_by(candidate.c.chosen_at.desc(), candidate.c.number.desc())
    )
    return [
        Honour(row.number, Title(row.title), row.year, row.account, row.chosen_at)
        for row in connection.execute(query)
    ]
