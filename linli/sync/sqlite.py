"""SQLite as every store of ours opens it: WAL, foreign keys, and honest transactions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

READ_ONLY = {"linli_read_only": True}
"""Execution options of a connection that only reads: it takes no write lock."""


def open_engine(path: Path, *, durable: bool = True) -> Engine:
    """An engine on `path`. `durable` commits reach the disk before they return
    (`synchronous=FULL`); without it a power cut may take the newest, for caches only.

    Transactions begin with BEGIN IMMEDIATE: one that reads and then writes can otherwise fail
    half-way with SQLITE_BUSY (https://sqlite.org/lang_transaction.html, section 2.2).
    """
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("linli_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
