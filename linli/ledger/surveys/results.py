"""What a survey came to, and what was said of an item. Nothing before the survey is closed: who
watches the counts while a neighbour answers would know what they said."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.schema import org
from linli.ledger.surveys.answering import read_answers
from linli.ledger.surveys.questions import Answer, Kind, Question
from linli.ledger.surveys.reading import State, Survey, read_surveys
from linli.ledger.surveys.schema import survey_reply
from linli.ledger.surveys.tallying import Tally, broken_out, tally


@dataclass(frozen=True, slots=True)
class Answered:
    """One question's answers, all together and by the kind of account and the community."""

    question: Question
    all: Tally
    by_kind: dict[str, Tally]
    by_community: dict[str, Tally]


@dataclass(frozen=True, slots=True)
class Results:
    """`people` is how many answered; `questions` are empty until the survey is closed."""

    survey: Survey
    people: int
    questions: dict[int, Answered]


@dataclass(frozen=True, slots=True)
class Reply:
    """One person's answers."""

    holder: Holder
    at: dt.datetime
    answers: dict[int, Answer]


def results(connection: Connection, of: Survey, now: dt.datetime) -> Results:
    """Of a survey, for staff and for everybody."""
    replies = list(_replies(connection, of))
    if of.state(now) is not State.CLOSED:
        return Results(of, len(replies), {})
    names = _communities(connection, {reply.holder.scope for reply in replies})
    return Results(
        of,
        len(replies),
        {
            number: _answered(question, number, replies, names)
            for number, question in of.questions.items()
        },
    )


def about_items(connection: Connection, now: dt.datetime) -> dict[str, list[tuple[Survey, int]]]:
    """By the code of an item, the questions about it in surveys that are closed, the latest
    first, each as survey and number."""
    found: dict[str, list[tuple[Survey, int]]] = defaultdict(list)
    for one in read_surveys(connection):
        if one.state(now) is State.CLOSED:
            for number, question in one.questions.items():
                if question.item is not None:
                    found[question.item].append((one, number))
    return found


def opinion(connection: Connection, asked: Sequence[tuple[Survey, int]]) -> Tally | None:
    """What people said to these questions on the scale taken together, each by their last word;
    None where none is on the scale."""
    on_scale = [(one, at) for one, at in asked if one.questions[at].kind is Kind.SCALE]
    if not on_scale:
        return None
    last: dict[str, tuple[dt.datetime, Answer]] = {}
    for one, number in on_scale:
        for reply in _replies(connection, one):
            said, before = reply.answers.get(number), last.get(reply.holder.account)
            if said is not None and (before is None or before[0] < reply.at):
                last[reply.holder.account] = (reply.at, said)
    first, at = on_scale[0]
    return tally(first.questions[at], [said for _, said in last.values()])


def _replies(connection: Connection, of: Survey) -> Iterator[Reply]:
    """One for each person: of two accounts that were merged since, what was said last counts."""
    query = select(survey_reply).where(survey_reply.c.survey == of.id)
    rows = connection.execute(query.order_by(survey_reply.c.at, survey_reply.c.account)).all()
    holders = read_holders(connection, [row.account for row in rows])
    last = {holders[row.account].bearer: row for row in rows}
    for bearer, row in last.items():
        yield Reply(holders[bearer], row.at, read_answers(row.answers))


def _answered(
    question: Question, number: int, replies: list[Reply], names: Mapping[str, str]
) -> Answered:
    every: list[Answer] = []
    by_kind: dict[str, list[Answer]] = defaultdict(list)
    by_community: dict[str, list[Answer]] = defaultdict(list)
    for reply in replies:
        said = reply.answers.get(number)
        if said is not None:
            every.append(said)
            by_kind[reply.holder.kind.value].append(said)
            by_community[names[reply.holder.scope]].append(said)
    return Answered(
        question,
        tally(question, every),
        broken_out(question, by_kind),
        broken_out(question, by_community),
    )


def _communities(connection: Connection, ids: set[str]) -> dict[str, str]:
    query = select(org.c.id, org.c.name)
    return {
        row.id: row.name
        for chunk in in_chunks(sorted(ids))
        for row in connection.execute(query.where(org.c.id.in_(chunk)))
    }
