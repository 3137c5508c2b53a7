"""Monthly adjustments as they are kept: change sets old → new, drafts and published ones."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.standard.applying import current
from linli.ledger.standard.changes import Change, Field, read_value, written
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.schema import adjustment, adjustment_change
from linli.sync.messages import StandardDoc


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a set and why."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A monthly adjustment; a draft while it has no `version`. `seen` is a mark of all that it
    says: who publishes it brings along the mark of what they were shown."""

    id: str
    month: str
    effective_on: dt.date
    made_by: str
    made_at: dt.datetime
    based_on: str | None
    version: str | None
    published_by: str | None
    published_at: dt.datetime | None
    entries: tuple[Entry, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(entry.change for entry in self.entries)

    @property
    def items(self) -> int:
        """How many items it changes."""
        return len({entry.change.code for entry in self.entries})

    @property
    def seen(self) -> str:
        told = [self.month, self.effective_on.isoformat()]
        for entry in self.entries:
            one = entry.change
            told += [one.code, one.field, written(one.old), written(one.new), entry.reason]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:16]


def read_set(connection: Connection, id_: str, *, lock: bool = False) -> ChangeSet:
    """Raises AdjustError."""
    query = select(adjustment).where(adjustment.c.id == id_)
    if lock:
        connection.execute(query.with_for_update()).all()
    for found in _sets(connection, adjustment.c.id == id_):
        return found
    raise AdjustError(Fault.NO_DRAFT, f"there is no adjustment {id_}")


def read_sets(connection: Connection) -> list[ChangeSet]:
    """All drafts and published sets, the latest effective day first."""
    every = adjustment.c.id.is_not(None)
    return sorted(_sets(connection, every), key=lambda s: (s.effective_on, s.id), reverse=True)


def stale(of: ChangeSet, base: StandardDoc) -> list[Change]:
    """The changes of a draft whose old value is not what the version says now. Pure."""
    return [change for change in of.changes if not _is_current(base, change)]


def _is_current(base: StandardDoc, change: Change) -> bool:
    try:
        return current(base, change.code, change.field) == change.old
    except AdjustError:
        return False


def _sets(connection: Connection, where: ColumnElement[bool]) -> Iterator[ChangeSet]:
    query = select(adjustment_change).join(adjustment).where(where)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for row in connection.execute(query):
        field = Field(row.field)
        change = Change(row.code, field, read_value(field, row.old), read_value(field, row.new))
        entries[row.adjustment].append(Entry(change, row.reason))
    for row in connection.execute(select(adjustment).where(where)):
        told = row._asdict()
        effective_on = dt.date.fromisoformat(told.pop("effective_on"))
        yield ChangeSet(**told, effective_on=effective_on, entries=_ordered(entries[row.id]))


def _ordered(entries: list[Entry]) -> tuple[Entry, ...]:
    """By their codes, the points of an item first."""
    fields = list(Field)
    return tuple(sorted(entries, key=lambda e: (e.change.code, fields.index(e.change.field))))
