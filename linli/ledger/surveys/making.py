"""Surveys are made, looked over, and opened; from then on what is asked stays as it is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from linli.ledger.people.schema import org
from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.questions import Question, check_questions, readable
from linli.ledger.surveys.reading import Survey, read_survey
from linli.ledger.surveys.schema import survey, survey_question
from linli.sync.periods import business_day, period_key

LONGEST_TITLE = 60
LONGEST = dt.timedelta(days=92)
"""Between the first and the last day."""
ASKED = frozenset({"street", "community"})
"""The levels of the tree whose people are asked together."""


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """Open from the day `opens` to the day `closes`, both included."""

    scope: str
    title: str
    opens: dt.date
    closes: dt.date
    questions: Sequence[Question]


def make(connection: Connection, new: NewSurvey, by: str, now: dt.datetime) -> str:
    """Keep a survey that is not open yet; returns its id, such as 2026-11-1. Raises
    SurveyError."""
    title = _checked(connection, new)
    month = period_key(business_day(now), "month")
    # The community's own row: two surveys that are made at once are two.
    connection.execute(select(org.c.id).with_for_update(key_share=True)).all()
    query = select(survey.c.id).where(survey.c.id.startswith(f"{month}-"))
    numbers = [int(id_.rsplit("-", 1)[1]) for id_ in connection.execute(query).scalars()]
    id_ = f"{month}-{max(numbers, default=0) + 1}"
    connection.execute(
        insert(survey).values(
            id=id_,
            scope=new.scope,
            title=title,
            opens=new.opens.isoformat(),
            closes=new.closes.isoformat(),
            made_by=by,
            made_at=now,
        )
    )
    _keep_questions(connection, id_, new.questions)
    return id_


def remake(connection: Connection, id_: str, new: NewSurvey) -> None:
    """Let a survey that is not open yet ask this instead. Raises SurveyError."""
    _hold(connection, id_)
    title = _checked(connection, new)
    connection.execute(
        update(survey)
        .where(survey.c.id == id_)
        .values(
            scope=new.scope,
            title=title,
            opens=new.opens.isoformat(),
            closes=new.closes.isoformat(),
        )
    )
    connection.execute(delete(survey_question).where(survey_question.c.survey == id_))
    _keep_questions(connection, id_, new.questions)


def release(connection: Connection, id_: str, now: dt.datetime) -> None:
    """Let people answer it as soon as its first day comes. Raises SurveyError."""
    found = _hold(connection, id_)
    if found.closes < business_day(now):
        raise SurveyError(Fault.CLOSED, f"survey {id_} would close on {found.closes}: change that")
    connection.execute(update(survey).where(survey.c.id == id_).values(released_at=now))


def throw_away(connection: Connection, id_: str) -> None:
    """A survey that nobody was asked. Raises SurveyError."""
    _hold(connection, id_)
    connection.execute(delete(survey_question).where(survey_question.c.survey == id_))
    connection.execute(delete(survey).where(survey.c.id == id_))


def _hold(connection: Connection, id_: str) -> Survey:
    """One that is not open yet. Raises SurveyError."""
    connection.execute(select(survey.c.id).where(survey.c.id == id_).with_for_update()).all()
    found = read_survey(connection, id_)
    if found.released_at is not None:
        raise SurveyError(Fault.RELEASED, f"survey {id_} was opened: it stays as it is")
    return found


def _checked(connection: Connection, new: NewSurvey) -> str:
    """The title. Raises SurveyError."""
    level = connection.execute(select(org.c.level).where(org.c.id == new.scope)).scalar()
    if level not in ASKED:
        raise SurveyError(Fault.BAD_SURVEY, f"{new.scope!r} is no street or community: name one")
    if not new.opens <= new.closes <= new.opens + LONGEST:
        raise SurveyError(
            Fault.BAD_SURVEY,
            f"a survey is open for 1 to {LONGEST.days + 1} days, not from {new.opens} to"
            f" {new.closes}",
        )
    check_questions(new.questions)
    return readable("the survey's title", new.title, LONGEST_TITLE, Fault.BAD_SURVEY)


def _keep_questions(connection: Connection, id_: str, questions: Sequence[Question]) -> None:
    rows = [
        {
            "survey": id_,
            "number": number,
            "kind": question.kind.value,
            "words": question.words.strip(),
            "choices": json.dumps([c.strip() for c in question.choices], ensure_ascii=False),
            "item": question.item or None,
        }
        for number, question in enumerate(questions, start=1)
    ]
    connection.execute(insert(survey_question), rows)
