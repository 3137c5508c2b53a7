"""Answers to a survey: one set for each account, which may be changed until the survey closes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from linli.ledger.database import upsert
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.directory import read_holders
from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.questions import Answer, checked_answers
from linli.ledger.surveys.reading import State, Survey, asking, read_survey
from linli.ledger.surveys.schema import survey_reply


def answer(
    connection: Connection,
    id_: str,
    account: str,
    answers: Mapping[int, Answer],
    now: dt.datetime,
) -> None:
    """Keep what an account's bearer says, in place of what they said before. Raises
    SurveyError."""
    asked = read_survey(connection, id_)
    if asked.state(now) in (State.DRAFT, State.WAITING):
        raise SurveyError(Fault.NOT_YET, f"survey {id_} is not open yet")
    if asked.state(now) is State.CLOSED:
        raise SurveyError(Fault.CLOSED, f"survey {id_} is closed")
    bearer = _bearer(connection, asked, account)
    said = checked_answers(asked.questions, answers)
    row = {"survey": id_, "account": bearer, "answers": _written(said), "at": now}
    upsert(connection, survey_reply, [row])


def reply_of(connection: Connection, id_: str, account: str) -> dict[int, Answer]:
    """What an account's bearer said last, under whichever of their numbers; empty for nothing."""
    holder = read_holders(connection, [account]).get(account)
    bearer = account if holder is None else holder.bearer
    family = [bearer, *taken_over(connection, [bearer])]
    theirs = select(survey_reply).where(
        survey_reply.c.survey == id_, survey_reply.c.account.in_(family)
    )
    row = connection.execute(theirs.order_by(survey_reply.c.at.desc())).first()
    return {} if row is None else read_answers(row.answers)


def forget_words(connection: Connection, account: str) -> None:
    """Somebody is forgotten: what they chose still counts, what they wrote may say who they are
    and goes."""
    theirs = survey_reply.c.account == account
    for row in connection.execute(select(survey_reply).where(theirs)).all():
        chosen = {n: said for n, said in read_answers(row.answers).items() if type(said) is not str}
        connection.execute(
            update(survey_reply)
            .where(theirs, survey_reply.c.survey == row.survey)
            .values(answers=_written(chosen))
        )


def read_answers(text: str) -> dict[int, Answer]:
    return {int(number): said for number, said in json.loads(text).items()}


def _written(answers: Mapping[int, Answer]) -> str:
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))


def _bearer(connection: Connection, asked: Survey, account: str) -> str:
    """Raises SurveyError for somebody who is not asked."""
    found = read_holders(connection, [account])
    holder = found.get(account)
    bearer = None if holder is None else found[holder.bearer]
    if bearer is None or bearer.closed_at is not None:
        raise SurveyError(Fault.NOT_ASKED, f"account {account} is not in use")
    if asked.scope not in asking(connection, bearer.scope):
        raise SurveyError(Fault.NOT_ASKED, f"survey {asked.id} asks the people of {asked.scope}")
    return bearer.account
