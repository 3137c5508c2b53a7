"""The rows that a rush left, put into the same tables by the bare driver, with no logic at all:
what the ledger's speed is compared with.

It takes the fastest way that each driver has (SQLite's executemany, PostgreSQL's COPY), and the
rows of as many deeds in a transaction as the ledger wrote in one (`parts`). What the ledger only
changes (balances, heads of feeds, watermarks) it leaves out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Table, select, text

from linli.benchmarks.rush import fastest
from linli.ledger.feed.schema import change
from linli.ledger.ingest.schema import attendance, batch, received
from linli.ledger.journal.schema import deed, transfer
from linli.ledger.ranking.schema import point_count, standing

TABLES = (batch, received, attendance, transfer, deed, standing, point_count, change)
Rows = list[tuple[Any, ...]]
New = dict[Table, Rows]


def new_rows(before: Engine, after: Engine) -> New:
    """The rows of `after`, as the driver has them, with keys that `before` does not have."""
    with before.connect() as old, after.connect() as new:
        return {table: _missing(table, old, new) for table in TABLES}


def _missing(table: Table, old: Connection, new: Connection) -> Rows:
    keys = len(table.primary_key.columns)
    columns = [*table.primary_key.columns, *(c for c in table.columns if not c.primary_key)]
    query = text(str(select(*columns)))  # as text: a moment stays as it is kept
    known = {tuple(row[:keys]) for row in old.execute(query)}
    return [tuple(row) for row in new.execute(query) if tuple(row[:keys]) not in known]


def insert_sqlite(path: Path, rows: New, parts: Sequence[int]) -> float:
    """Rows' worth of deeds in a second, in the fastest stretch."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")

    def write(first: float, last: float) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for table, some in _part(rows, first, last):
            places = ", ".join("?" * len(table.columns))
            into = f"INSERT INTO {table.name} ({_names(table)}) VALUES ({places})"
            connection.executemany(into, some)
        connection.execute("COMMIT")

    try:
        return fastest(_each(write, parts))
    finally:
        connection.close()


def shares_of(url: str, rows: New, parts: int, workers: int) -> list[Share]:
    """To each worker every so many-th of all transactions, `parts` in all."""
    cut = [_named(_part(rows, part / parts, (part + 1) / parts)) for part in range(parts)]
    return [(url, cut[worker::workers]) for worker in range(workers)]


Share = tuple[str, Sequence[Sequence[tuple[str, Rows]]]]
"""The database's URL, and for each transaction the beginnings of its statements, with their
rows."""


def _named(part: Sequence[tuple[Table, Rows]]) -> list[tuple[str, Rows]]:
    return [(f"COPY {table.name} ({_names(table)}) FROM STDIN", some) for table, some in part]


def copy_as_a_worker(share: Share, ready: Callable[[], None]) -> None:
    """The same on PostgreSQL, by one of several processes."""
    url, transactions = share
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        ready()
        for part in transactions:
            with connection.transaction(), connection.cursor() as cursor:
                for into, some in part:
                    with cursor.copy(into.encode()) as copy:
                        for row in some:
                            copy.write_row(row)


def _each(
    write: Callable[[float, float], None], parts: Sequence[int]
) -> list[tuple[int, Callable[[], None]]]:
    done, total = 0, sum(parts)
    each: list[tuple[int, Callable[[], None]]] = []
    for part in parts:
        each.append((part, partial(write, done / total, (done + part) / total)))
        done += part
    return each


def _names(table: Table) -> str:
    """The columns in the order of `_missing`."""
    others = [column.name for column in table.columns if not column.primary_key]
    return ", ".join([*(column.name for column in table.primary_key.columns), *others])


def _part(rows: New, first: float, last: float) -> list[tuple[Table, Rows]]:
    """The share of one transaction, as fractions of all rows."""
    cut = [
        (table, some[round(len(some) * first) : round(len(some) * last)])
        for table, some in rows.items()
    ]
    return [(table, some) for table, some in cut if some]
