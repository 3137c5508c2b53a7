"""What the neighbours said about each item that an adjustment changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.standard.history import steps
from linli.ledger.standard.sets import ChangeSet
from linli.ledger.surveys.reading import State, Survey, read_surveys
from linli.ledger.surveys.results import Answered, Results, about_items, opinion, results
from linli.ledger.surveys.tallying import Tally


@dataclass(frozen=True, slots=True)
class Beside:
    """`opinion` is what was said on the scale, over all these questions; None where none is on
    it."""

    questions: tuple[tuple[Survey, Answered], ...]
    opinion: Tally | None


def beside(connection: Connection, of: ChangeSet, now: dt.datetime) -> dict[str, Beside]:
    """By the code of an item that the set changes, the questions about it that were closed when
    the set was published, or are now, and that were asked since the item was changed last."""
    asked = about_items(connection, of.published_at or now)
    since = _changed_last(connection, of)
    read: dict[str, Results] = {}
    found: dict[str, Beside] = {}
    for code in {change.code for change in of.changes}:
        pairs = [
            (one, number)
            for one, number in asked.get(code, ())
            if one.closes >= since.get(code, dt.date.min)
        ]
        if not pairs:
            continue
        for one, _ in pairs:
            if one.id not in read:
                read[one.id] = results(connection, one, now)
        questions = tuple((one, read[one.id].questions[number]) for one, number in pairs)
        found[code] = Beside(questions, opinion(connection, pairs))
    return found


def still_asked(connection: Connection, of: ChangeSet, now: dt.datetime) -> dict[str, list[Survey]]:
    """By the code of an item that the set changes, the surveys about it that people are answering
    now: what they say is not known yet."""
    found: dict[str, list[Survey]] = defaultdict(list)
    codes = {change.code for change in of.changes}
    for one in read_surveys(connection):
        if one.state(now) is State.OPEN:
            for code in codes & {question.item for question in one.questions.values()}:
                found[code].append(one)
    return found


def _changed_last(connection: Connection, of: ChangeSet) -> dict[str, dt.date]:
    """The first day of the newest version before the set that changed an item, by its code."""
    return {
        change.code: step.doc.effective_from
        for step in steps(connection)
        if step.doc.effective_from < of.effective_on
        for change in step.changes
    }
