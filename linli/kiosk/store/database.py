"""Opens terminal.db and brings it to this version's schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from linli.sync.sqlite import open_engine

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"
"""The newest migration. At it nothing is to be done, and a start need not load Alembic."""


def open_database(path: Path) -> Engine:
    """The engine on an up-to-date terminal.db; made where there was none.

    The migration runs in one transaction: a power cut in it leaves the old schema."""
    engine = open_engine(path, durable=True)
    with engine.begin() as connection:
        if _version(connection) != NEWEST:
            _migrate(connection)
    return engine


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
