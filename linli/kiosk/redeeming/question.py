"""How one ask to the ledger stands: when it is sent again, and when a refusal is believed. Pure.

An ask whose answer was lost may reach the ledger late: it may lie in a proxy, or wait for a lock.
So a refusal of the same ask sent again says nothing of the one before, until that one is too old to
be taken. Only then nothing was paid for certain. Times are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from linli.sync.backoff import pause

PRESENT_S = 25.0
"""How long somebody is expected to stand there and wait."""
AGE_S = 630.0
"""After that the ledger takes no ask any more: five minutes by its clock, which may be five minutes
behind this one, and half a minute for what it is doing already."""
FIRST_S, CAP_S = 1.0, 60.0
LONG_AGO = float("-inf")


@dataclass(frozen=True)
class Question:
    """`due` is when it is sent next, None while it is under way. Before `doubt_until` an ask may
    still reach the ledger whose answer was lost."""

    present_until: float
    due: float | None
    doubt_until: float = LONG_AGO
    attempt: int = 0

    def present(self, now: float) -> bool:
        return now < self.present_until

    def is_due(self, now: float) -> bool:
        return self.due is not None and self.due <= now

    def believes(self, now: float) -> bool:
        """Whether a refusal that was just given is the last word."""
        return now >= self.doubt_until

    @property
    def heard(self) -> bool:
        """Whether the ledger may have heard of it."""
        return self.doubt_until != LONG_AGO


def somebody_waits(now: float) -> Question:
    return Question(present_until=now + PRESENT_S, due=now)


def nobody_waits(now: float) -> Question:
    """After a restart: it is not known whether it was sent before."""
    return Question(present_until=LONG_AGO, due=now, doubt_until=now + AGE_S)


def under_way(question: Question) -> Question:
    return replace(question, due=None)


def unanswered(question: Question, now: float, random: Random, *, heard: bool) -> Question:
    """No answer came; `heard` where it may have arrived."""
    return replace(
        question,
        due=now + pause(question.attempt, FIRST_S, CAP_S, random),
        attempt=question.attempt + 1,
        doubt_until=now + AGE_S if heard else question.doubt_until,
    )


def doubted(question: Question) -> Question:
    """A refusal is not believed yet: asked again as soon as the next one can be."""
    return replace(question, due=question.doubt_until, present_until=LONG_AGO)


def left_alone(question: Question) -> Question:
    """Nobody stands there any more."""
    return replace(question, present_until=LONG_AGO)
