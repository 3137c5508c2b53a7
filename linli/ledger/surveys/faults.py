"""Why a survey is not made, opened or answered: a reason a program can tell apart, and words."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Reasons, each for another thing to do."""

    NO_SURVEY = "no-survey"
    BAD_SURVEY = "bad-survey"
    """Its title, days, scope or questions cannot be."""
    RELEASED = "released"
    """It was opened: what is asked does not change any more."""
    NOT_YET = "not-yet"
    CLOSED = "closed"
    NOT_ASKED = "not-asked"
    """The account is not of those who are asked."""
    NO_ANSWER = "no-answer"
    BAD_ANSWER = "bad-answer"


class SurveyError(ValueError):
    """It cannot be done; the text says why. Nothing was changed."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault
