"""The migrations make just the tables that the code speaks of."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from doubles.databases import Databases
from sqlalchemy import Connection, Engine, text

from linli.ledger.audit.verify import verify
from linli.ledger.database import MIGRATIONS
from linli.ledger.schema import metadata

PEOPLE = "SELECT account, kind, home, scope, name_masked FROM holder ORDER BY account"


def test_a_migrated_database_has_every_table_and_column(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_the_first_schema_is_brought_up_to_date_with_what_is_in_it(databases: Databases) -> None:
    engine = databases.settled()
    with engine.begin() as connection:
        migrate(connection, command.downgrade, "0001")
        before = [tuple(row) for row in connection.execute(text(PEOPLE))]
        migrate(connection, command.upgrade, "head")
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(text(PEOPLE))] == before
        assert len(before) == 6
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
    assert verify(engine) is None
    databases.close(engine)


def migrate(connection: Connection, way: Callable[[Config, str], None], to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    way(config, to)
