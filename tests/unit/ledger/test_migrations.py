"""The migrations make just the tables that the code speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from doubles.databases import Databases
from sqlalchemy import Connection, Engine, ForeignKeyConstraint, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import SchemaItem

from linli.ledger.audit.verify import verify
from linli.ledger.database import MIGRATIONS
from linli.ledger.schema import metadata

PEOPLE = "SELECT account, kind, home, scope, name_masked FROM holder ORDER BY account"
AT = "2026-11-28T00:45:00.000000+00:00"
A_CLASS = (
    "INSERT INTO account (id, purse, system, posted, pending)"
    " VALUES ('issuance:A', 'issuance', true, 0, 0)"
)
AN_ACTIVITY = (
    "INSERT INTO activity (id, scope, title, item, points, place, starts_at, ends_at, centre,"
    " early_min, late_min, out_late_min, cancelled) VALUES ('dance', 'village', '舞', 'A01', 5,"
    f" '', '{AT}', '{AT}', '', 30, 30, 60, false)"
)
A_DEED = (
    "INSERT INTO deed (id, account, activity, item, done_at, day, points, standard_version, state,"
    f" surplus, flags, transfer) VALUES ('d1', :account, :activity, 'A01', '{AT}', '2026-11-28', 5,"
    " '1', 'pending', false, '', 'd1#1')"
)
A_TRANSFER = (
    "INSERT INTO transfer (id, debit, credit, points, state, deed, made_at, reason)"
    f" VALUES ('d1#1', :debit, :credit, 5, 'pending', 'd1', '{AT}', '')"
)
SHORT = {
    "standing": f"('2026', 'a000001', 'resident', 'b1', 'hupan', 5, 10, 15, '{AT}')",
    "point_count": "('2026', 'resident', 'hupan', 15, 1)",
    "attendance": f"('a000001', 'dance', '{AT}', NULL, 'late')",
}


BY_STATEMENT = ("transfer.debit", "transfer.credit", "deed.account", "deed.activity")
"""References that PostgreSQL checks by triggers of ours (migration 0023)."""


def test_a_migrated_database_has_every_table_and_column(engine: Engine) -> None:
    with engine.connect() as connection:
        assert differences(connection) == []


@pytest.fixture
def settled(databases: Databases) -> Iterator[Connection]:
    """People who have done nothing yet."""
    engine = databases.settled()
    with engine.connect() as connection:
        yield connection
    databases.close(engine)


@pytest.mark.parametrize("wrong", ["debit", "credit", "account", "activity"])
def test_no_deed_and_no_transfer_speaks_of_what_is_not_there(
    settled: Connection, wrong: str
) -> None:
    known = {"account": "a1", "activity": None, "debit": "issuance:A", "credit": "issuance:A"}
    settled.execute(text(A_CLASS))
    settled.execute(text(A_DEED), known)
    settled.execute(text(A_TRANSFER), known)
    given = {**known, wrong: "nowhere"}
    statement = A_DEED if wrong in ("account", "activity") else A_TRANSFER
    with pytest.raises(IntegrityError, match=r"(?i)foreign.key|fkey"):
        settled.execute(text(statement.replace("'d1", "'d2")), given)


def test_a_deed_is_not_given_to_somebody_who_is_not_there(settled: Connection) -> None:
    settled.execute(text(A_DEED), {"account": "a1", "activity": None})
    with pytest.raises(IntegrityError, match=r"(?i)foreign.key|fkey"):
        settled.execute(text("UPDATE deed SET account = 'nobody'"))


@pytest.mark.parametrize("table", ["account", "holder", "activity"])
@pytest.mark.parametrize("way", ["DELETE FROM {}", "UPDATE {} SET {} = 'other'"])
def test_what_deeds_and_transfers_speak_of_is_neither_deleted_nor_renamed(
    settled: Connection, table: str, way: str
) -> None:
    settled.execute(text(AN_ACTIVITY))
    settled.execute(text(A_CLASS))
    settled.execute(text(A_DEED), {"account": "a1", "activity": "dance"})
    settled.execute(text(A_TRANSFER), {"debit": "issuance:A", "credit": "issuance:A"})
    key = "account" if table == "holder" else "id"
    named = {"account": "issuance:A", "holder": "a1", "activity": "dance"}[table]
    with pytest.raises(IntegrityError):
        settled.execute(text(f"{way.format(table, key)} WHERE {key} = '{named}'"))


def differences(connection: Connection) -> list[object]:
    on_postgresql = connection.dialect.name == "postgresql"

    def compared(
        of: SchemaItem, _name: str | None, kind: str, _reflected: bool, _other: SchemaItem | None
    ) -> bool:
        if kind != "foreign_key_constraint" or not on_postgresql:
            return True
        assert isinstance(of, ForeignKeyConstraint)
        return f"{of.table.name}.{of.column_keys[0]}" not in BY_STATEMENT

    context = MigrationContext.configure(connection, opts={"include_object": compared})
    return list(compare_metadata(context, metadata))


def test_the_first_schema_is_brought_up_to_date_with_what_is_in_it(databases: Databases) -> None:
    engine = databases.settled()
    with engine.begin() as connection:
        migrate(connection, command.downgrade, "0001")
        before = [tuple(row) for row in connection.execute(text(PEOPLE))]
        migrate(connection, command.upgrade, "head")
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(text(PEOPLE))] == before
        assert len(before) == 6
        assert differences(connection) == []
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
