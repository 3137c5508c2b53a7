"""流程审核“云上看”: how far a deed has come, step by step, as its bearer is shown it. Pure.

Steps tell by which role something was done and why, never by whom.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.ledger.journal.deed import CORRECTED, PENDING, POSTED, WITHDRAWN
from linli.ledger.review.opinions import Choice
from linli.ledger.review.risk import Doubt


class Stage(StrEnum):
    """What can happen to a deed, in the order in which it usually does."""

    RECORDED = "recorded"
    SUBMITTED = "submitted"
    ENTERED = "entered"
    SIGNED = "signed"
    SEEN = "seen"
    RETURNED = "returned"
    COMPLETED = "completed"
    POSTED = "posted"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    """Ahead: nobody knows yet how."""
    ON_NOTICE = "on-notice"
    OBJECTED = "objected"
    ANSWERED = "answered"
    TAKEN_BACK = "taken-back"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Step:
    """`at` is None for a step that is still ahead. `by` are roles; `why` is what was said."""

    stage: Stage
    at: dt.datetime | None
    by: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """What happened in one round before the panel. `roles` are those of the members whose opinion
    became the panel's."""

    opened_at: dt.datetime | None
    opened_by: str
    choice: Choice | None
    at: dt.datetime | None
    reason: str
    roles: tuple[str, ...]
    completed_at: dt.datetime | None
    completion: str


@dataclass(frozen=True, slots=True)
class Objected:
    """`answered_at` is None while it waits. What the objector wrote is not told."""

    at: dt.datetime
    answered_at: dt.datetime | None
    upheld: bool
    answer: str


@dataclass(frozen=True, slots=True)
class History:
    """All rows that speak of one deed. `began` are its first steps; `decided_at` and `reason` are
    the transfer's."""

    began: tuple[Step, ...]
    state: str
    flags: tuple[str, ...]
    decided_at: dt.datetime | None
    reason: str
    rounds: tuple[Round, ...] = ()
    shown_at: dt.datetime | None = None
    objections: tuple[Objected, ...] = ()
    sealed_at: dt.datetime | None = None
    taken_back_at: dt.datetime | None = None
    taken_back_for: str = ""


def first_steps(
    flags: tuple[str, ...], made_at: dt.datetime, signed_at: dt.datetime | None
) -> tuple[Step, ...]:
    """How a deed came to the ledger: from a phone, from a desk with two signatures, by a card."""
    if Doubt.DECLARED in flags:
        return (Step(Stage.SUBMITTED, made_at),)
    if Doubt.BY_HAND in flags:
        return (Step(Stage.ENTERED, made_at), Step(Stage.SIGNED, signed_at))
    return (Step(Stage.RECORDED, made_at),)


def steps(of: History) -> list[Step]:
    """What was done, in its order, and after it what is still to come."""
    return [*of.began, *_reviewed(of), *_decided(of), *_shown(of)]


def _reviewed(of: History) -> Iterator[Step]:
    for one in of.rounds:
        if one.opened_at is not None:
            yield Step(Stage.SEEN, one.opened_at, (one.opened_by,))
        if one.choice is Choice.RETURN:
            yield Step(Stage.RETURNED, one.at, one.roles, one.reason)
            yield Step(Stage.COMPLETED, one.completed_at, why=one.completion)
    if of.state == PENDING and not _is_open(of):
        yield Step(Stage.SEEN, None)


def _is_open(of: History) -> bool:
    """Whether a member has opened it in the round that it is in, or comes to next."""
    last = of.rounds[-1] if of.rounds else None
    return last is not None and last.opened_at is not None and last.choice is None


def _decided(of: History) -> Iterator[Step]:
    if of.state == PENDING:
        yield Step(Stage.DECIDED, None)
        return
    if WITHDRAWN in of.flags:
        yield Step(Stage.WITHDRAWN, of.decided_at)
        return
    roles = of.rounds[-1].roles if of.rounds else ()
    posted = of.state == POSTED or CORRECTED in of.flags
    stage = Stage.POSTED if posted else Stage.VOIDED
    yield Step(stage, of.decided_at, roles, of.reason)


def _shown(of: History) -> Iterator[Step]:
    if of.state not in (PENDING, POSTED) and CORRECTED not in of.flags:
        return
    if of.shown_at is not None or CORRECTED not in of.flags:
        yield Step(Stage.ON_NOTICE, of.shown_at)
    for one in of.objections:
        yield Step(Stage.OBJECTED, one.at)
        if not one.upheld:
            yield Step(Stage.ANSWERED, one.answered_at, why=one.answer)
    if CORRECTED not in of.flags or of.sealed_at is not None:
        yield Step(Stage.SEALED, of.sealed_at)
    if CORRECTED in of.flags:
        yield Step(Stage.TAKEN_BACK, of.taken_back_at, why=of.taken_back_for)
