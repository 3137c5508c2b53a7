"""The terminal's memory: one transaction per tap, on the disk before the screen says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from linli.kiosk.store.schema import attendance, card_counter, tally
from linli.sync.messages import AttendanceRow, CardRefused, CheckIn, SignOut
from linli.sync.outbox import Outbox
from linli.sync.periods import business_day
from linli.sync.rules import merged
from linli.sync.sqlite import READ_ONLY

T = TypeVar("T")


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

    `committed` listeners run after each commit of an event, on the calling thread."""

    def __init__(self, engine: Engine, outbox: Outbox) -> None:
        self._engine = engine
        self._outbox = outbox
        self.committed: list[Callable[[], None]] = []

    def check_in(self, event: CheckIn, at: dt.datetime) -> Committed:
        row = AttendanceRow(account=event.account, activity=event.activity, in_at=at, out_at=None)
        return self._commit(event, at, row)

    def sign_out(self, event: SignOut, at: dt.datetime) -> Committed:
        row = AttendanceRow(account=event.account, activity=event.activity, in_at=None, out_at=at)
        return self._commit(event, at, row)

    def refuse(self, event: CardRefused, at: dt.datetime) -> Committed:
        return self._commit(event, at, None)

    def count(self, name: str, at: dt.datetime) -> None:
        """One more of something that leaves no event (an unknown card)."""
        values = {"name": name, "day": business_day(at).isoformat(), "count": 1}
        statement = insert(tally).values(values)
        statement = statement.on_conflict_do_update(
            index_elements=["name", "day"], set_={"count": tally.c.count + 1}
        )
        self._write(lambda connection: connection.execute(statement))

    def remember_counter(self, card: str, counter: int) -> None:
        """A verified message was read from the card, whatever came of the tap: the same message
        must not be taken again."""
        self._write(lambda connection: _raise_counter(connection, card, counter))

    def attendances(self, account: str) -> dict[str, AttendanceRow]:
        query = select(attendance).where(attendance.c.account == account)
        return {row.activity: _row(row) for row in self._read(query)}

    def last_counter(self, card: str) -> int | None:
        query = select(card_counter.c.counter).where(card_counter.c.card == card)
        return next((int(row.counter) for row in self._read(query)), None)

    def tallied(self, name: str) -> int:
        query = select(func.coalesce(func.sum(tally.c.count), 0)).where(tally.c.name == name)
        return int(self._read(query)[0][0])

    def _commit(
        self, event: CheckIn | SignOut | CardRefused, at: dt.datetime, row: AttendanceRow | None
    ) -> Committed:
        def write(connection: Connection) -> int:
            if row is not None:
                _merge(connection, row)
            if event.counter is not None:
                _raise_counter(connection, event.card, event.counter)
            return self._outbox.record(connection, event, at)

        seq = self._write(write)
        for listener in self.committed:
            listener()
        return Committed(seq, at)

    def _read(self, query: Select[Any]) -> Sequence[Any]:
        try:
            with self._engine.connect().execution_options(**READ_ONLY) as connection:
                return connection.execute(query).all()
        except SQLAlchemyError as error:
            raise NotSavedError(f"terminal.db cannot be read: {error}") from error

    def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except (SQLAlchemyError, OSError) as error:
            raise NotSavedError(f"the tap was not saved: {error}") from error


def _merge(connection: Connection, row: AttendanceRow) -> None:
    key = (attendance.c.account == row.account) & (attendance.c.activity == row.activity)
    known = connection.execute(select(attendance).where(key)).first()
    new = merged(_row(known) if known is not None else None, row)
    values = {
        "account": new.account,
        "activity": new.activity,
        "in_at": new.in_at.isoformat() if new.in_at else None,
        "out_at": new.out_at.isoformat() if new.out_at else None,
    }
    statement = insert(attendance).values(values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["account", "activity"], set_=values)
    )


def _row(row: Row[Any]) -> AttendanceRow:
    return AttendanceRow(
        account=row.account,
        activity=row.activity,
        in_at=dt.datetime.fromisoformat(row.in_at) if row.in_at else None,
        out_at=dt.datetime.fromisoformat(row.out_at) if row.out_at else None,
    )


def _raise_counter(connection: Connection, card: str, counter: int) -> None:
    statement = insert(card_counter).values(card=card, counter=counter)
    higher = func.max(card_counter.c.counter, counter)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["card"], set_={"counter": higher})
    )
