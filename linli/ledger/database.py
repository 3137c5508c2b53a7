"""The ledger's database: one set of tables, SQLite or PostgreSQL, and what differs between them.

Everything that is not the same SQL in both is in this file, in many_rows.py, in among.py and in the
migrations, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    create_engine,
    inspect,
)

from linli.ledger.among import among as among
from linli.ledger.many_rows import Lines as Lines
from linli.ledger.many_rows import add_to_rows as add_to_rows
from linli.ledger.many_rows import insert_missing as insert_missing
from linli.ledger.many_rows import insert_or_upsert as insert_or_upsert
from linli.ledger.many_rows import insert_rows as insert_rows
from linli.ledger.many_rows import lock_rows as lock_rows
from linli.ledger.many_rows import update_rows as update_rows
from linli.ledger.many_rows import upsert as upsert
from linli.ledger.moment_text import MomentText as MomentText
from linli.sync.sqlite import READ_ONLY, open_engine

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()
T = TypeVar("T")
IN_LIST = 500
"""Values in one IN list: SQLite and PostgreSQL both take some tens of thousands, slowly."""


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
        return create_engine(text, hide_parameters=True)  # as in open_engine
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


def _is_postgresql(where: Connection | Engine) -> bool:
    return where.dialect.name == "postgresql"
