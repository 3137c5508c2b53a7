"""SQLite as every store of ours opens it: WAL, foreign keys, and honest transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event

READ_ONLY = {"linli_begin": "BEGIN"}
"""Execution options of a connection that only reads: one snapshot, no write lock."""
LOG_PAGES = 4000
"""How long the write-ahead log may grow before a commit must fold it into the file itself; who
has quiet moments folds it then (`Database.fold`), so that no commit has to wait for it."""
_EACH_ALONE = {"linli_begin": ""}
"""Every statement is a transaction of its own."""


def open_engine(path: Path, *, durable: bool = True) -> Engine:
    """An engine on `path`. `durable` commits reach the disk before they return
    (`synchronous=FULL`); without it a power cut may take the newest, for caches only.

    Transactions begin with BEGIN IMMEDIATE: one that reads and then writes can otherwise fail
    half-way with SQLITE_BUSY (https://sqlite.org/lang_transaction.html, section 2.2).
    """
    url = f"sqlite:///{path}"
    # Errors are logged, and values may be names and numbers of people.
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if words := connection.get_execution_options().get("linli_begin", "BEGIN IMMEDIATE"):
            connection.exec_driver_sql(words)

    return engine


class Database:
    """Reads and writes on two connections kept open until the engine is disposed of: to take one
    from the pool costs more than most of our statements. Safe from any thread.

    One for each file: writers queue here, where SQLite would let them sleep up to 100 ms at a time
    (sqlite3_busy_timeout)."""

    def __init__(self, engine: Engine) -> None:
        self._reader = _Held(engine.execution_options(**_EACH_ALONE))
        self._writer = _Held(engine)
        event.listen(engine, "engine_disposed", lambda _: self._close())

    def read(self, query: Select[Any], **values: object) -> Sequence[Any]:
        """All rows. Each read sees what is committed when it begins and blocks no writer."""
        with self._reader.connection() as connection:
            return connection.execute(query, values).all()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed at the end and rolled back by an exception."""
        with self._writer.connection() as connection, connection.begin():
            yield connection

    def fold(self) -> None:
        """Move the write-ahead log into the database file, as far as no reader is in the way."""
        with self._reader.connection() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()

    def _close(self) -> None:
        self._reader.close()
        self._writer.close()


class _Held:
    """One connection, lent to one thread at a time; after an error the next loan is a new one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self._lock:
            connection = self._connection or self._engine.connect()
            self._connection = None
            try:
                yield connection
            except BaseException:
                _end(connection)
                raise
            self._connection = connection

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                _end(self._connection)
            self._connection = None


def _end(connection: Connection) -> None:
    """Close it for good, not back into the pool."""
    connection.detach()
    connection.close()
