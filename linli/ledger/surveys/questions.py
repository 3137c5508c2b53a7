"""What a survey can ask, and what is an answer to it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.ledger.surveys.faults import Fault, SurveyError

SCALE = (1, 2, 3, 4, 5)
"""From 很不赞成 to 很赞成."""
MOST_QUESTIONS = 30
MOST_CHOICES = 12
LONGEST_QUESTION = 200
LONGEST_CHOICE = 60
LONGEST_ANSWER = 300


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    TEXT = "text"


CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE})


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are those of a choice; `item` is the code in the points standard, one there is or
    one that is proposed, that the question is about."""

    kind: Kind
    words: str
    choices: tuple[str, ...] = ()
    item: str | None = None


Answer = int | str | list[int]
"""The position of a choice from 0, or positions; 1–5 of a scale; words."""


def check_questions(questions: Sequence[Question]) -> None:
    """Raises SurveyError for questions that nobody could answer."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise SurveyError(Fault.BAD_SURVEY, f"ask 1 to {MOST_QUESTIONS} questions")
    for number, question in enumerate(questions, start=1):
        _check_question(f"question number {number}", question)


def readable(what: str, words: str, longest: int, fault: Fault, *, lines: bool = False) -> str:
    """The words without space around them. Raises SurveyError where there are none, too many, or
    some that nobody can read."""
    words = words.strip().replace("\r\n", "\n")
    allowed = "\n" if lines else ""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in words):
        raise SurveyError(fault, f"{what}: leave control characters out")
    if not 0 < len(words) <= longest:
        raise SurveyError(fault, f"{what}: give 1 to {longest} characters")
    return words


def checked_answers(
    questions: Mapping[int, Question], answers: Mapping[int, Answer]
) -> dict[int, Answer]:
    """The answers as they are kept. Some questions may be left out, not all. Raises SurveyError."""
    found = {number: _checked(number, questions, said) for number, said in answers.items()}
    if not found:
        raise SurveyError(Fault.NO_ANSWER, "answer one question at least")
    return dict(sorted(found.items()))


def _check_question(where: str, question: Question) -> None:
    readable(where, question.words, LONGEST_QUESTION, Fault.BAD_SURVEY)
    if question.kind not in CHOOSING:
        if question.choices:
            raise SurveyError(Fault.BAD_SURVEY, f"{where}: only a choice has choices")
        return
    if not 2 <= len(question.choices) <= MOST_CHOICES:
        raise SurveyError(Fault.BAD_SURVEY, f"{where}: give 2 to {MOST_CHOICES} choices")
    words = [
        readable(f"{where}, a choice", choice, LONGEST_CHOICE, Fault.BAD_SURVEY)
        for choice in question.choices
    ]
    if len(set(words)) != len(words):
        raise SurveyError(Fault.BAD_SURVEY, f"{where}: two choices are the same")


def _checked(number: int, questions: Mapping[int, Question], said: Answer) -> Answer:
    question = questions.get(number)
    if question is None:
        raise SurveyError(Fault.BAD_ANSWER, f"there is no question {number}")
    positions = range(len(question.choices))
    match question.kind, said:
        case Kind.SINGLE, int(one) if not isinstance(one, bool) and one in positions:
            return one
        case Kind.SCALE, int(one) if not isinstance(one, bool) and one in SCALE:
            return one
        case Kind.MULTIPLE, list(some) if some and set(some) <= set(positions):
            return sorted(set(some))
        case Kind.TEXT, str(words):
            where = f"answer number {number}"
            return readable(where, words, LONGEST_ANSWER, Fault.BAD_ANSWER, lines=True)
    raise SurveyError(Fault.BAD_ANSWER, f"{said!r} is no answer to question {number}")
