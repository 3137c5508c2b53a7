"""Opens terminal.db and brings it to this version's schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from linli.sync.sqlite import open_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(path: Path) -> Engine:
    """The engine on an up-to-date terminal.db; made where there was none.

    The migration runs in one transaction: a power cut in it leaves the old schema."""
    engine = open_engine(path, durable=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine
