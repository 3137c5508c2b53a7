"""Reads surveys: what is asked, when, and of whom."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.people.schema import org
from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.questions import Kind, Question
from linli.ledger.surveys.schema import survey, survey_question
from linli.sync.periods import business_day


class State(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    """Released, but its first day is still to come."""
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Survey:
    """`questions` by their numbers, from 1."""

    id: str
    scope: str
    scope_name: str
    title: str
    opens: dt.date
    closes: dt.date
    made_by: str
    made_at: dt.datetime
    released_at: dt.datetime | None
    questions: dict[int, Question]

    def state(self, now: dt.datetime) -> State:
        today = business_day(now)
        if self.released_at is None:
            return State.DRAFT
        if today < self.opens:
            return State.WAITING
        return State.OPEN if today <= self.closes else State.CLOSED


def read_survey(connection: Connection, id_: str) -> Survey:
    """Raises SurveyError."""
    for found in _surveys(connection, survey.c.id == id_):
        return found
    raise SurveyError(Fault.NO_SURVEY, f"there is no survey {id_}")


def read_surveys(connection: Connection) -> list[Survey]:
    """All of them, the latest first."""
    every = survey.c.id.is_not(None)
    return sorted(_surveys(connection, every), key=lambda s: (s.opens, s.made_at), reverse=True)


def open_for(connection: Connection, scope: str, now: dt.datetime) -> list[Survey]:
    """Those that the people of a community can answer today, the first to close first."""
    today = business_day(now).isoformat()
    open_now = (
        survey.c.scope.in_(asking(connection, scope))
        & survey.c.released_at.is_not(None)
        & (survey.c.opens <= today)
        & (survey.c.closes >= today)
    )
    return sorted(_surveys(connection, open_now), key=lambda s: (s.closes, s.id))


def asking(connection: Connection, scope: str) -> list[str]:
    """Whose surveys ask the people of a community: its own and those of what is above it."""
    path = connection.execute(select(org.c.path).where(org.c.id == scope)).scalar() or ""
    return str(path).split()


def _surveys(connection: Connection, where: ColumnElement[bool]) -> Iterator[Survey]:
    query = select(survey_question).join(survey).where(where)
    questions: dict[str, dict[int, Question]] = defaultdict(dict)
    for row in connection.execute(query.order_by(survey_question.c.number)):
        choices = tuple(json.loads(row.choices))
        asked = Question(Kind(row.kind), row.words, choices, row.item)
        questions[row.survey][row.number] = asked
    named = select(survey, org.c.name.label("scope_name")).join(org, org.c.id == survey.c.scope)
    for row in connection.execute(named.where(where)):
        told = row._asdict()
        told["opens"], told["closes"] = map(dt.date.fromisoformat, (row.opens, row.closes))
        yield Survey(**told, questions=questions[row.id])
