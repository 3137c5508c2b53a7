"""The versions of the standard with what each changed, however it came: set by set, or as a whole
document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.standard.changes import Change, difference
from linli.ledger.standard.counting import Adjusted, adjusted
from linli.ledger.standard.sets import ChangeSet, Entry, read_sets
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import StandardDoc


@dataclass(frozen=True, slots=True)
class Step:
    """A version and what it changed of the one `before`. The first version changed nothing: there
    was none. Without `of`, it was imported as a whole document, and nobody wrote down reasons."""

    doc: StandardDoc
    before: StandardDoc | None
    entries: tuple[Entry, ...]
    of: ChangeSet | None

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(entry.change for entry in self.entries)

    @property
    def adjusted(self) -> Adjusted:
        return adjusted([self.changes])


def steps(connection: Connection) -> list[Step]:
    """In the order of their first day."""
    sets = {one.version: one for one in read_sets(connection) if one.version is not None}
    found: list[Step] = []
    before: StandardDoc | None = None
    for doc in StandardShelf().read(connection).docs:
        of = sets.get(doc.version)
        if of is not None:
            entries = of.entries
        else:
            changes = () if before is None else difference(before, doc)
            entries = tuple(Entry(change, "") for change in changes)
        found.append(Step(doc, before, entries, of))
        before = doc
    return found


def adjusted_in(year: int, among: Sequence[Step]) -> Adjusted:
    """What took effect in a year, also what is still to come in it. Pure."""
    return adjusted(step.changes for step in among if step.doc.effective_from.year == year)


def in_force(among: Sequence[Step], day: dt.date) -> Step | None:
    """Pure."""
    return max(
        (step for step in among if step.doc.effective_from <= day),
        key=lambda step: step.doc.effective_from,
        default=None,
    )
