"""Reads the candidates of a year."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.awards.rules import Title
from linli.ledger.awards.schema import candidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """`number` is the certificate's, None while the panel has not chosen them."""

    account: str
    rank: int
    points: int
    number: str | None


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
