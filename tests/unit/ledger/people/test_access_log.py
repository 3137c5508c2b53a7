"""The log of looks at personal data is only ever added to, and a missing row is missed."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from linli.ledger.audit.verify import verify
from linli.ledger.people.access_log import GENESIS, Staff, note
from linli.ledger.schema import audit_log
from tests.unit.ledger.village import Village

CLERK = Staff("李主任", "clerk")


@pytest.fixture
def village(village: Village) -> Village:
    """Three looks at a1."""
    with village.engine.begin() as connection:
        for number in range(1, 4):
            assert note(connection, CLERK, "look: phone", "a1", "回访", village.now) == number
    return village


def on_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def test_each_row_names_the_one_before(village: Village) -> None:
    rows = village.rows(audit_log)
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [GENESIS, rows[0].digest, rows[1].digest]
    assert verify(village.engine) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET why = 'x' WHERE number = 2",
        "DELETE FROM audit_log WHERE number = 3",
        "DELETE FROM audit_log",
    ],
)
def test_the_database_itself_refuses_to_change_it(village: Village, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="only added to"),
        village.engine.begin() as connection,
    ):
        connection.execute(text(change))
    assert len(village.rows(audit_log)) == 3


def test_no_other_way_around_the_guards(village: Village) -> None:
    columns = "number, at, who, role, what, account, why, previous, digest"
    again = f"audit_log ({columns}) SELECT {columns} FROM audit_log WHERE number = 2"
    change = f"INSERT OR REPLACE INTO {again}"
    with (
        pytest.raises(DatabaseError, match="only added to"),
        village.engine.begin() as connection,
    ):
        connection.execute(text(change if on_sqlite(village.engine) else "TRUNCATE audit_log"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DELETE FROM audit_log WHERE number = 1", "look 2, number"),
        ("DELETE FROM audit_log WHERE number = 2", "look 3, number"),
        ("DELETE FROM audit_log WHERE number = 3", "looks, their end"),
        ("DELETE FROM audit_log", "looks, their end"),
        ("UPDATE audit_log SET who = '别人' WHERE number = 2", "look 2, digest"),
        ("UPDATE audit_log SET at = '2026-11-24T11:00:00.000000+00:00' WHERE number = 3", "look 3"),
        ("DELETE FROM audit_head", "looks, their end"),
    ],
)
def test_without_the_guards_it_is_noticed(village: Village, change: str, named: str) -> None:
    with village.engine.begin() as connection:
        if on_sqlite(village.engine):
            for guard in ("audit_log_frozen", "audit_log_kept"):
                connection.execute(text(f"DROP TRIGGER {guard}"))
        else:
            connection.execute(text("DROP TRIGGER audit_log_kept ON audit_log"))
        connection.execute(text(change))
    difference = verify(village.engine)
    assert difference is not None
    assert str(difference).startswith(named)
