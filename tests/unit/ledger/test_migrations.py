"""The migrations make just the tables that the code speaks of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from doubles.databases import Databases
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from linli.ledger.audit.verify import verify
from linli.ledger.database import MIGRATIONS
from linli.ledger.schema import metadata

PEOPLE = "SELECT account, kind, home, scope, name_masked FROM holder ORDER BY account"
AT = "2026-11-28T00:45:00.000000+00:00"
SHORT = {
    "standing": f"('2026', 'a000001', 'resident', 'b1', 'hupan', 5, 10, 15, '{AT}')",
    "point_count": "('2026', 'resident', 'hupan', 15, 1)",
    "attendance": f"('a000001', 'dance', '{AT}', NULL, 'late')",
}


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


@pytest.mark.parametrize("way", [command.downgrade, command.upgrade])
def test_standings_and_counts_are_kept_whole_when_their_tables_are_laid_out_anew(
    databases: Databases, way: Callable[[Config, str], None]
) -> None:
    engine = databases.settled()
    with engine.begin() as connection:
        if way is command.upgrade:
            migrate(connection, command.downgrade, "0016")
        for table, row in SHORT.items():
            connection.execute(text(f"INSERT INTO {table} VALUES {row}"))
        before = contents(connection)
        migrate(connection, way, "0016" if way is command.downgrade else "0017")
        assert contents(connection) == before
        assert all(before.values())
    databases.close(engine)


def test_a_count_below_zero_is_refused_in_the_tables_laid_out_anew(connection: Connection) -> None:
    below = "INSERT INTO point_count VALUES ('2026', 'resident', 'hupan', 5, -1)"
    with pytest.raises(IntegrityError, match="accounts_counted"):
        connection.execute(text(below))


def contents(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: sorted(tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}")))
        for table in SHORT
    }


def migrate(connection: Connection, way: Callable[[Config, str], None], to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    way(config, to)
