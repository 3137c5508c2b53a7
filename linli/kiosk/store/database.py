"""Opens terminal.db and brings it to this version's schema.

A version that is rolled back leaves a newer schema behind, with events in it that are nowhere else.
The older version works on in it, if the newer one has said that it can: it wrote OPENED_BY into
SQLite's user_version. So a migration adds (tables, columns that may be left out), and the one that
takes away comes a version later, once OPENED_BY can be raised.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, inspect

from linli.sync.sqlite import open_engine

log = structlog.get_logger()
FILE = "terminal.db"
MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0004"
"""The newest migration. At it nothing is to be done, and a start need not load Alembic."""
OPENED_BY = "0003"
"""The oldest version's NEWEST that still works in this version's schema."""
APART_S = 45.0


class NewerDatabaseError(Exception):
    """A newer version made terminal.db what this one cannot work in; the text says what to do."""


def migrate_apart(path: Path) -> None:
    """Does what `open_database` would have to do before anybody can work, in a program of its own:
    Alembic brings a hundred modules along, which a terminal would keep until its next start, for
    months. Where it fails, `open_database` is still to do it, and says why it cannot."""
    if path.exists() and not _due(path):
        return
    command = [sys.executable, "-m", "linli.kiosk.store.database", str(path)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=APART_S)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("the schema was not brought up to date apart", error=str(error))


def open_database(path: Path) -> Engine:
    """The engine on an up-to-date terminal.db; made where there was none.

    The migration runs in one transaction: a power cut in it leaves the old schema. Raises
    NewerDatabaseError, with nothing changed."""
    engine = open_engine(path, durable=True)
    with engine.begin() as connection:
        version = _version(connection)
        if version is not None and version > NEWEST:
            _require_that_it_works(connection, path, version)
        elif version != NEWEST:
            _migrate(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {int(OPENED_BY)}")
    return engine


def _due(path: Path) -> bool:
    engine = open_engine(path, durable=True)
    try:
        with engine.begin() as connection:
            version = _version(connection)
            return version is None or version < NEWEST
    finally:
        engine.dispose()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _require_that_it_works(connection: Connection, path: Path, version: str) -> None:
    opened_by = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if not 0 < opened_by <= int(NEWEST):
        raise NewerDatabaseError(
            f"{path} has the schema {version} of a newer version, in which this one ({NEWEST}) "
            "cannot work: install the newer version again; nothing in the file was changed"
        )


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


if __name__ == "__main__":
    open_database(Path(sys.argv[1])).dispose()
