"""How the rooms of terminal.db read and write: one transaction a verb, and who hears of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select
from sqlalchemy.exc import SQLAlchemyError

from linli.kiosk.store.store import NotSavedError
from linli.sync.messages import Event
from linli.sync.outbox import Outbox
from linli.sync.sqlite import Database

T = TypeVar("T")


class Saving:
    """terminal.db and its outbox. `committed` is called after each transaction that brought an
    event, on the calling thread. Both verbs raise NotSavedError."""

    def __init__(
        self, database: Database, outbox: Outbox, committed: Callable[[], None] = lambda: None
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._committed = committed

    @property
    def terminal(self) -> str:
        return self._outbox.terminal

    def read(self, query: Select[Any], **values: object) -> Sequence[Any]:
        try:
            return self._database.read(query, **values)
        except SQLAlchemyError as error:
            raise NotSavedError(f"terminal.db cannot be read: {_short(error)}") from error

    def write(self, work: Callable[[Writing], T]) -> T:
        """Everything that `work` does, or nothing."""
        try:
            with self._database.writing() as connection:
                writing = Writing(connection, self._outbox)
                done = work(writing)
        except (SQLAlchemyError, OSError) as error:
            raise NotSavedError(f"terminal.db was not written: {_short(error)}") from error
        if writing.told:
            self._committed()
        return done


class Writing:
    """One transaction under way."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self.connection = connection
        self.told = 0
        self._outbox = outbox

    def tell(self, event: Event, at: dt.datetime) -> int:
        """The event goes out with this transaction; returns its number."""
        self.told += 1
        return self._outbox.record(self.connection, event, at)


def _short(error: Exception) -> str:
    """Without the statement and its values, which are for no log."""
    return str(error).partition("\n")[0]
