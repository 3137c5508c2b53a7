"""How far programs have followed the ledger's feed, read in their databases while they run."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path


def newest_change(ledger: Path, scope: str) -> int:
    """The number of the newest change that everybody may see, 0 before the first."""
    query = "SELECT number FROM feed_head WHERE stream = 'changes' AND scope = ?"
    return _number(ledger, query, scope)


def position(replica: Path) -> int:
    """The number of the newest change a program has, 0 while it has fetched nothing."""
    return _number(replica, "SELECT number FROM position WHERE stream = ?", "changes")


def _number(database: Path, query: str, parameter: str) -> int:
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection,
    ):
        row = connection.execute(query, (parameter,)).fetchone()
        return int(row[0]) if row else 0
    return 0
