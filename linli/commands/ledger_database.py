"""The ledger's database as the commands open it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.commands.failure import Failure
from linli.ledger.database import open_database, open_unchanged

DatabaseOption = Annotated[
    str, typer.Option("--database", help="A SQLite file or a postgresql+psycopg:// address.")
]


def open_or_fail(database: str, *, make: bool = False) -> Engine:
    """Only commands that may `make` a ledger do so, or bring an older one up to date. Raises
    Failure."""
    if not make and "://" not in database and not Path(database).is_file():
        raise Failure(f"there is no ledger at {database}: check --database")
    try:
        return open_database(database) if make else open_unchanged(database)
    except (SQLAlchemyError, OSError) as error:
        raise Failure(f"the ledger's database {database} cannot be opened: {error}") from error
