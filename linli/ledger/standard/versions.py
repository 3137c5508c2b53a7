"""Versions of the standard: which one scores a deed, and which limit holds in a period."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, insert, select

from linli.ledger.prepared import Prepared
from linli.ledger.standard.codes import misused
from linli.ledger.standard.document import StandardError
from linli.ledger.standard.schema import standard
from linli.sync.messages import Item, StandardDoc, encode
from linli.sync.periods import period_key


@dataclass(frozen=True, slots=True)
class Scored:
    """What one item brings on one day. `limit` is (awards, period), None without a limit; `record`
    is how such a deed is recorded."""

    version: str
    class_code: str
    name: str
    points: int
    limit: tuple[int, str] | None
    record: str


class Standards:
    """All versions as one value, in the order of their first day."""

    def __init__(self, docs: Sequence[StandardDoc]) -> None:
        self.docs = tuple(sorted(docs, key=lambda doc: doc.effective_from))
        self._starts = [doc.effective_from for doc in self.docs]
        self._items = [_by_code(doc) for doc in self.docs]
        self._limits: dict[tuple[str, dt.date | str], tuple[str, str, int] | None] = {}

    def in_force(self, day: dt.date) -> StandardDoc | None:
        position = bisect_right(self._starts, day) - 1
        return self.docs[position] if position >= 0 else None

    def score(self, item: str, day: dt.date) -> Scored | None:
        """None where no version is in force on that day, or it has no such item."""
        position = bisect_right(self._starts, day) - 1
        return self._items[position].get(item) if position >= 0 else None

    def name_of(self, item: str, day: dt.date | str) -> str:
        """What the item was called on that day, also given as ISO text; its code where no version
        in force had it."""
        scored = self.score(item, dt.date.fromisoformat(day) if isinstance(day, str) else day)
        return item if scored is None else scored.name

    def limit(self, item: str, day: dt.date | str) -> tuple[str, str, int] | None:
        """(period kind, period key, awards) that hold for a deed of that day, also given as ISO
        text; None without.

        How many awards a period has is said by the first version in it that limits the item per
        such a period: a standard changed within a quarter does not open the quarter anew."""
        if (item, day) not in self._limits:
            of = dt.date.fromisoformat(day) if isinstance(day, str) else day
            self._limits[item, day] = self._limit(item, of)
        return self._limits[item, day]

    def _limit(self, item: str, day: dt.date) -> tuple[str, str, int] | None:
        scored = self.score(item, day)
        if scored is None or scored.limit is None:
            return None
        _, per = scored.limit
        key = period_key(day, per)
        for position, items in enumerate(self._items):
            other = items.get(item)
            if other is None or other.limit is None or other.limit[1] != per:
                continue
            if self._rules_in(position, day, per):
                return per, key, other.limit[0]
        return per, key, scored.limit[0]

    def _rules_in(self, position: int, day: dt.date, per: str) -> bool:
        """Whether the version is in force on some day of the period up to `day`."""
        if self._starts[position] > day:
            return False
        if position + 1 == len(self._starts):
            return True
        last = self._starts[position + 1] - dt.timedelta(days=1)
        return last >= day or period_key(last, per) == period_key(day, per)


def _by_code(doc: StandardDoc) -> dict[str, Scored]:
    return {
        item.code: Scored(
            doc.version, class_.code, item.name, item.points, _limit(item), item.record
        )
        for class_ in doc.classes
        for item in class_.items
    }


def _limit(item: Item) -> tuple[int, str] | None:
    return None if item.limit is None else (item.limit.n, item.limit.per)


_VERSIONS = Prepared(select(standard.c.version).order_by(standard.c.effective_from))


class StandardShelf:
    """The versions in the database, decoded once: a stored version never changes."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[str, ...], Standards] = ((), Standards(()))

    def read(self, connection: Connection) -> Standards:
        versions = tuple(row[0] for row in _VERSIONS.all(connection))
        known, standards = self._kept
        if versions != known:
            docs = connection.execute(select(standard.c.doc)).scalars()
            standards = Standards([msgspec.json.decode(doc, type=StandardDoc) for doc in docs])
            self._kept = (versions, standards)
        return standards


def hold_versions(connection: Connection) -> None:
    """Whoever makes the next version waits for who makes one just now (SQLite has one writer)."""
    newest = select(standard.c.version).order_by(standard.c.effective_from.desc()).limit(1)
    # Rows that point at a version may be written meanwhile.
    connection.execute(newest.with_for_update(key_share=True)).all()


def store(connection: Connection, doc: StandardDoc, now: dt.datetime) -> bool:
    """Keep a version; False where just this one is there already. Raises StandardError for a
    version or first day that another document has, and for a code that meant something else."""
    hold_versions(connection)
    day, body = doc.effective_from.isoformat(), encode(doc)
    same = (standard.c.version == doc.version) | (standard.c.effective_from == day)
    for row in connection.execute(select(standard).where(same)):
        if row.doc == body:
            return False
        raise StandardError(
            f"version {row.version} from {row.effective_from} is already in the ledger with other "
            "content: give the new one its own version and first day"
        )
    for wrong in misused(Standards((*StandardShelf().read(connection).docs, doc)).docs):
        raise StandardError(wrong)
    connection.execute(
        insert(standard).values(version=doc.version, effective_from=day, doc=body, imported_at=now)
    )
    return True
