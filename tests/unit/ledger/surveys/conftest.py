"""What the tests of surveys begin with: the village is asked whether emergency duty is worth more,
from 20 to 30 November; it is 24 November."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from linli.ledger.surveys.answering import answer
from linli.ledger.surveys.making import NewSurvey, make, release
from linli.ledger.surveys.questions import Answer, Kind, Question
from linli.ledger.surveys.reading import read_survey
from linli.ledger.surveys.results import Results, results
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

WORTH_MORE = Question(Kind.SCALE, "应急值守该加分吗？", item="B05")
WHEN = Question(Kind.SINGLE, "什么时候最缺人？", ("白天", "夜里"))
WHAT = Question(Kind.MULTIPLE, "您做过哪些？", ("巡逻", "值守", "调解"))
WORDS = Question(Kind.TEXT, "还想说什么？")
QUESTIONS = (WORTH_MORE, WHEN, WHAT, WORDS)
OPENS, CLOSES = dt.date(2026, 11, 20), dt.date(2026, 11, 30)
AFTER = dt.datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI)


def about(questions: Sequence[Question] = QUESTIONS, **more: object) -> NewSurvey:
    fields = {"scope": "village", "title": "应急值守", "opens": OPENS, "closes": CLOSES, **more}
    return NewSurvey(questions=questions, **fields)  # type: ignore[arg-type]


class Asking:
    """One survey that is open, on a ledger with six people."""

    def __init__(self, village: Village) -> None:
        self.village, self.engine, self.now = village, village.engine, village.now
        self.id = self.open(about())

    def open(self, new: NewSurvey) -> str:
        with self.engine.begin() as connection:
            id_ = make(connection, new, "王主任", self.now)
            release(connection, id_, self.now)
        return id_

    def answer(self, account: str, answers: dict[int, Answer], id_: str | None = None) -> None:
        with self.engine.begin() as connection:
            answer(connection, id_ or self.id, account, answers, self.now)

    def results(self, now: dt.datetime = AFTER) -> Results:
        with self.engine.connect() as connection:
            return results(connection, read_survey(connection, self.id), now)


@pytest.fixture
def asking(village: Village) -> Asking:
    return Asking(village)
