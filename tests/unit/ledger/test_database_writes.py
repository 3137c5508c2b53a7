"""Writes that both databases spell differently: ledger/database.py."""

from __future__ import annotations

from sqlalchemy import Connection

from linli.ledger.database import insert_missing
from linli.ledger.people.schema import hot_list
from linli.ledger.staff.submissions import first_time
from tests.unit.ledger.village import NOW


def rows(*scopes: str) -> list[dict[str, object]]:
    return [{"scope": scope, "version": 1} for scope in scopes]


def test_only_what_was_missing_is_counted(connection: Connection) -> None:
    assert insert_missing(connection, hot_list, []) == 0
    assert insert_missing(connection, hot_list, rows("a")) == 1
    assert insert_missing(connection, hot_list, rows("a")) == 0
    assert insert_missing(connection, hot_list, rows("a", "b", "c")) == 2


def test_a_form_is_taken_the_first_time_only(connection: Connection) -> None:
    assert first_time(connection, "token", "a1", NOW)
    assert not first_time(connection, "token", "a1", NOW)
    assert first_time(connection, "another", "a1", NOW)
