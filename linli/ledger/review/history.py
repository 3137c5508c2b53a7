"""What was said and decided of a deed, and what a panel decided in each week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from linli.ledger.people.directory import read_holders
from linli.ledger.review.opinions import Choice
from linli.ledger.review.schema import opinion, panel_member, verdict


@dataclass(frozen=True, slots=True)
class Word:
    """One opinion. `name` is the member's masked name, `seat` whom they stand for."""

    round: int
    name: str
    seat: str
    choice: Choice
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """How a round ended. `completion` is what was added after it was returned."""

    round: int
    choice: Choice
    reason: str
    at: dt.datetime
    completion: str | None


@dataclass(frozen=True, slots=True)
class Week:
    """What a panel decided in one week."""

    week: str
    posted: int
    voided: int
    returned: int


@dataclass(frozen=True, slots=True)
class Returned:
    """A deed that waits for what it lacks."""

    deed: str
    reason: str
    at: dt.datetime


def words_on(connection: Connection, deed_id: str) -> list[Word]:
    """Everything that members said of the deed, the oldest first."""
    seat = (
        select(panel_member.c.stands_for)
        .where(panel_member.c.account == opinion.c.member)
        .order_by(panel_member.c.since.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(opinion, seat.label("seat")).where(opinion.c.deed == deed_id)
    rows = connection.execute(query.order_by(opinion.c.at, opinion.c.member)).all()
    names = read_holders(connection, {row.member for row in rows})
    return [
        Word(
            row.round,
            names[row.member].name_masked,
            row.seat or "",
            Choice(row.choice),
            row.reason,
            row.at,
        )
        for row in rows
    ]


def decisions_on(connection: Connection, deed_id: str) -> list[Decided]:
    query = select(verdict).where(verdict.c.deed == deed_id).order_by(verdict.c.round)
    return [
        Decided(row.round, Choice(row.choice), row.reason, row.at, row.completion)
        for row in connection.execute(query)
    ]


def weeks(connection: Connection, scope: str) -> Sequence[Week]:
    """Every week in which the community's panel decided something, the newest first."""
    counted = func.count()
    query = (
        select(verdict.c.week, verdict.c.choice, counted)
        .where(verdict.c.scope == scope)
        .group_by(verdict.c.week, verdict.c.choice)
    )
    counts: dict[str, dict[str, int]] = {}
    for week, choice, number in connection.execute(query):
        counts.setdefault(week, {})[choice] = number
    return [
        Week(
            week,
            some.get(Choice.POST.value, 0),
            some.get(Choice.VOID.value, 0),
            some.get(Choice.RETURN.value, 0),
        )
        for week, some in sorted(counts.items(), reverse=True)
    ]


def returned(connection: Connection, scope: str) -> list[Returned]:
    """Deeds of the community that wait for what they lack, the longest waiting first."""
    query = select(verdict).where(
        verdict.c.scope == scope,
        verdict.c.choice == Choice.RETURN.value,
        verdict.c.completed_at.is_(None),
    )
    return [
        Returned(row.deed, row.reason, row.at)
        for row in connection.execute(query.order_by(verdict.c.at, verdict.c.deed))
    ]
