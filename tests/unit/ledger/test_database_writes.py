"""Writes that both databases spell differently: ledger/database.py."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Connection, select

from linli.ledger import moment_text
from linli.ledger.database import Lines, MomentText, add_to_rows, insert_missing, insert_rows
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


def test_rows_are_given_as_tuples_too_in_any_order_of_their_columns(
    connection: Connection,
) -> None:
    insert_rows(connection, hot_list, Lines(("version", "scope"), [(3, "b"), (1, "a")]))
    assert add_to_rows(connection, hot_list, Lines(("version", "scope"), [(5, "b"), (7, "a")])) == 2
    assert add_to_rows(connection, hot_list, Lines(("scope", "version"), [("c", 1)])) == 0
    assert add_to_rows(connection, hot_list, Lines(("scope", "version"), [])) == 0
    kept = connection.execute(select(hot_list.c.scope, hot_list.c.version).order_by("scope"))
    assert [tuple(row) for row in kept] == [("a", 8), ("b", 8)]


def test_a_moment_comes_back_the_same_however_many_others_were_kept_since(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moment_text, "KNOWN", 3)
    written = MomentText().bind_processor(connection.dialect)
    read = MomentText().result_processor(connection.dialect, None)
    moments = [NOW + dt.timedelta(microseconds=n) for n in range(10)]
    texts = [written(moment) for moment in moments]
    assert [read(text) for text in texts] == moments
    assert [written(moment.astimezone(dt.UTC)) for moment in moments] == texts
    assert written(None) is None
    assert read(None) is None
    with pytest.raises(ValueError, match="time zone"):
        written(moments[0].replace(tzinfo=None))
