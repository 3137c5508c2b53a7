"""The ledger's database: one set of tables, SQLite or PostgreSQL, and what differs between them.

Everything that is not the same SQL in both is in this file and in the migrations, nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Dialect, Engine, MetaData, String, Table, create_engine, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from linli.sync.periods import SHANGHAI
from linli.sync.sqlite import READ_ONLY, open_engine

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()
T = TypeVar("T")
IN_LIST = 500
"""Values in one IN list: SQLite and PostgreSQL both take some tens of thousands, slowly."""


class MomentText(TypeDecorator[dt.datetime]):
    """A moment as UTC text of fixed width, so that its order as text is its order in time.

    Comes back in Asia/Shanghai. Years 1000–9999; a moment without a zone is a ValueError."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else dt.datetime.fromisoformat(value).astimezone(SHANGHAI)


def open_database(url_or_path: str | Path) -> Engine:
    """An engine on an up-to-date ledger database; a SQLite file is made where there was none.

    All migrations run in one transaction: a power cut in them leaves the old schema."""
    engine = _engine(str(url_or_path))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


class NoLedgerError(OSError):
    """The database is no ledger, or one of another version; the text says which."""


def open_unchanged(url_or_path: str | Path) -> Engine:
    """An engine on a ledger that is up to date already. Raises NoLedgerError, and changes
    nothing: who checks a ledger must not be the one that makes it."""
    engine = _engine(str(url_or_path))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect().execution_options(**READ_ONLY) as connection:
        if not inspect(connection).has_table("received"):
            raise NoLedgerError(f"{url_or_path} is no ledger: it has none of its tables")
        version = MigrationContext.configure(connection).get_current_revision()
    if version != newest:
        raise NoLedgerError(
            f"{url_or_path} is a ledger of version {version}, this program's is {newest}: start"
            " `linli ledger serve` once to bring it up to date"
        )
    return engine


def _engine(text: str) -> Engine:
    if "://" in text and not text.startswith("sqlite"):
        return create_engine(text)
    return open_engine(Path(text.removeprefix("sqlite:///")), durable=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection on which every query sees the same moment of the ledger; it holds up no
    writer."""
    isolation = {"isolation_level": "REPEATABLE READ"} if _is_postgresql(engine) else {}
    with engine.connect().execution_options(**READ_ONLY, **isolation) as connection:
        yield connection


def in_chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The distinct values in their order, cut so that each part fits into one IN list."""
    rest = iter(dict.fromkeys(values))
    while chunk := list(islice(rest, IN_LIST)):
        yield chunk


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    added: tuple[str, ...] = (),
) -> None:
    """Insert `rows`, or overwrite those whose primary key is there; columns in `added` are
    added to instead."""
    if rows:
        statement = _upsert_statement(_is_postgresql(connection), table, tuple(rows[0]), added)
        connection.execute(statement, rows)


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert those of `rows` whose primary key is not there and return how many; the others stay
    as they are."""
    if not rows:
        return 0
    insert: Any = postgresql.insert if _is_postgresql(connection) else sqlite.insert
    # psycopg does not count the rows of several, SQLAlchemy sends even one as several.
    statement = insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return len(connection.execute(statement, rows).all())


@lru_cache
def _upsert_statement(
    on_postgresql: bool, table: Table, columns: tuple[str, ...], added: tuple[str, ...]
) -> Any:
    statement: Any = (postgresql.insert if on_postgresql else sqlite.insert)(table)
    keys = [column.name for column in table.primary_key]
    changes = {
        name: table.c[name] + statement.excluded[name]
        if name in added
        else statement.excluded[name]
        for name in columns
        if name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def _is_postgresql(where: Connection | Engine) -> bool:
    return where.dialect.name == "postgresql"
