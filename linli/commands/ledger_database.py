"""The ledger's database as the commands open it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from linli.commands.failure import Failure
from linli.ledger.database import open_database, open_unchanged

SQLITE, POSTGRESQL = "sqlite", "postgresql+psycopg"
DatabaseOption = Annotated[
    str, typer.Option("--database", help="A SQLite file or a postgresql+psycopg:// address.")
]


def open_or_fail(database: str, *, make: bool = False) -> Engine:
    """Only commands that may `make` a ledger do so, or bring an older one up to date. Raises
    Failure."""
    file = _file(database)
    if not make and file is not None and not file.is_file():
        raise Failure(f"there is no ledger at {database!r}: check --database")
    try:
        return open_database(database) if make else open_unchanged(database)
    except (SQLAlchemyError, OSError) as error:
        raise Failure(
            f"the ledger's database {database} cannot be opened: {_why(error)}"
        ) from error


def _file(database: str) -> Path | None:
    """Of a ledger on SQLite. Raises BadParameter for what is neither of the two databases."""
    kind, colon, _ = database.partition("://")
    if not database or (colon and kind not in (SQLITE, POSTGRESQL)):
        raise typer.BadParameter(
            "a ledger is a SQLite file, such as ledger.db, or postgresql+psycopg:///linli",
            param_hint="--database",
        )
    if kind == POSTGRESQL:
        return None
    return Path(database.removeprefix(f"{SQLITE}:///"))


def _why(error: Exception) -> str:
    """The database's own words, without what only programmers look up."""
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()
