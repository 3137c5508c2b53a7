"""The terminal's memory: one transaction per tap, on the disk before the screen says so."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from linli.kiosk.store.moments import moment_or_none, text_or_none
from linli.kiosk.store.schema import attendance, card_counter, objected, tally
from linli.sync.messages import (
    AttendanceRow,
    CardRefused,
    CheckIn,
    Consent,
    Objection,
    SignOut,
)
from linli.sync.outbox import Outbox
from linli.sync.periods import business_day
from linli.sync.sqlite import Database
from linli.sync.statements import Combine, listed, one_of, upsert

T = TypeVar("T")


def _or_the_one(choose: Combine) -> Combine:
    """`choose` of both, where there are two; SQLite's min and max of a NULL are NULL."""
    return lambda kept, came: func.coalesce(choose(kept, came), kept, came)


# Built once: to build a statement costs more than to run it.
_ATTENDANCES = select(attendance).where(
    attendance.c.account == bindparam("account"), one_of(attendance.c.activity, "activities")
)
_PUT_ATTENDANCE = upsert(attendance, in_at=_or_the_one(func.min), out_at=_or_the_one(func.max))
"""The same rule as `sync.rules.merged`: earliest coming, latest going."""
_RAISE_COUNTER = upsert(card_counter, counter=func.max)
_COUNT = upsert(tally, count=operator.add)
_NOTE_OBJECTION = insert(objected).prefix_with("OR IGNORE")
_TALLIED = select(func.coalesce(func.sum(tally.c.count), 0)).where(
    tally.c.name == bindparam("name")
)


class NotSavedError(OSError):
    """terminal.db could not be written or read (disk full, card pulled): nothing of the tap was
    kept, and the person must be asked to tap again."""


@dataclass(frozen=True)
class Committed:
    """`seq` is the event's number; `at` the moment it carries."""

    seq: int
    at: dt.datetime


class TerminalStore:
    """terminal.db behind verbs. Every write is one transaction; a crash leaves all of it or none.
    Every method raises NotSavedError.

    An event's `trace` goes with it to the ledger. `committed` listeners run after each commit of
    an event, on the calling thread."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        self._unfolded = True
        self._counters = {row.card: int(row.counter) for row in self._read(select(card_counter))}
        """Looked at in each tap, and written by nobody else."""
        self._objected = {(row.account, row.deed) for row in self._read(select(objected))}
        self.committed: list[Callable[[], None]] = []

    def check_in(self, event: CheckIn, at: dt.datetime, trace: str = "") -> Committed:
        row = AttendanceRow(account=event.account, activity=event.activity, in_at=at, out_at=None)
        return self._commit(event, at, row, trace)

    def sign_out(self, event: SignOut, at: dt.datetime, trace: str = "") -> Committed:
        row = AttendanceRow(account=event.account, activity=event.activity, in_at=None, out_at=at)
        return self._commit(event, at, row, trace)

    def refuse(self, event: CardRefused, at: dt.datetime, trace: str = "") -> Committed:
        return self._commit(event, at, None, trace)

    def say(self, event: Objection | Consent, at: dt.datetime) -> Committed:
        """Something that a person has to say, to be taken by the ledger in its time."""

        def write(connection: Connection) -> int:
            if isinstance(event, Objection):
                row = {"account": event.account, "deed": event.deed}
                connection.execute(_NOTE_OBJECTION, row)
            return self._outbox.record(connection, event, at)

        seq = self._write(write)
        if isinstance(event, Objection):
            self._objected.add((event.account, event.deed))
        return self._told(seq, at)

    def count(self, name: str, at: dt.datetime) -> None:
        """One more of something that leaves no event (an unknown card)."""
        row = {"name": name, "day": business_day(at).isoformat(), "count": 1}
        self._write(lambda connection: connection.execute(_COUNT, row))

    def remember_counter(self, card: str, counter: int) -> None:
        """A verified message was read from the card, whatever came of the tap: the same message
        must not be taken again."""
        self._write(lambda connection: _raise_counter(connection, card, counter))
        self._keep_counter(card, counter)

    def attendances(self, account: str, activities: Iterable[str]) -> dict[str, AttendanceRow]:
        rows = self._read(_ATTENDANCES, account=account, activities=listed(activities))
        return {row.activity: _row(row) for row in rows}

    def last_counter(self, card: str) -> int | None:
        return self._counters.get(card)

    def has_objected(self, account: str, deed: str) -> bool:
        """At this terminal: what was said elsewhere the feed does not tell."""
        return (account, deed) in self._objected

    def tallied(self, name: str) -> int:
        return int(self._read(_TALLIED, name=name)[0][0])

    def rest(self) -> None:
        """Housekeeping for a moment when nobody is waiting."""
        if self._unfolded:
            try:
                self._database.fold()
            except SQLAlchemyError as error:
                raise NotSavedError(f"terminal.db cannot be tidied: {error}") from error
        self._unfolded = False

    def _commit(
        self,
        event: CheckIn | SignOut | CardRefused,
        at: dt.datetime,
        row: AttendanceRow | None,
        trace: str,
    ) -> Committed:
        def write(connection: Connection) -> int:
            if row is not None:
                _put_attendance(connection, row)
            if event.counter is not None:
                _raise_counter(connection, event.card, event.counter)
            return self._outbox.record(connection, event, at, trace)

        seq = self._write(write)
        if event.counter is not None:
            self._keep_counter(event.card, event.counter)
        return self._told(seq, at)

    def _told(self, seq: int, at: dt.datetime) -> Committed:
        for listener in self.committed:
            listener()
        return Committed(seq, at)

    def _keep_counter(self, card: str, counter: int) -> None:
        self._counters[card] = max(counter, self._counters.get(card, counter))

    def _read(self, query: Select[Any], **values: object) -> Sequence[Any]:
        try:
            return self._database.read(query, **values)
        except SQLAlchemyError as error:
            raise NotSavedError(f"terminal.db cannot be read: {error}") from error

    def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._database.writing() as connection:
                done = work(connection)
            self._unfolded = True
            return done
        except (SQLAlchemyError, OSError) as error:
            raise NotSavedError(f"the tap was not saved: {error}") from error


def _put_attendance(connection: Connection, row: AttendanceRow) -> None:
    values = {
        "account": row.account,
        "activity": row.activity,
        "in_at": text_or_none(row.in_at),
        "out_at": text_or_none(row.out_at),
    }
    connection.execute(_PUT_ATTENDANCE, values)


def _row(row: Row[Any]) -> AttendanceRow:
    return AttendanceRow(
        account=row.account,
        activity=row.activity,
        in_at=moment_or_none(row.in_at),
        out_at=moment_or_none(row.out_at),
    )


def _raise_counter(connection: Connection, card: str, counter: int) -> None:
    connection.execute(_RAISE_COUNTER, {"card": card, "counter": counter})
