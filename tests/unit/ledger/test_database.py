"""Many rows at once, and queries whose text is made once: the same on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from linli.ledger.database import (
    add_to_rows,
    among,
    insert_missing,
    insert_rows,
    lock_rows,
    update_rows,
    upsert,
)
from linli.ledger.ingest.schema import attendance, parked
from linli.ledger.journal.accounts import open_system
from linli.ledger.journal.schema import account
from linli.ledger.prepared import Prepared
from linli.ledger.ranking.schema import point_count

HARD = [
    "",
    " ",
    "NULL",
    "null",
    'a"b',
    '"',
    "\\",
    "\\x41",
    "{a,b}",
    "a,b",
    "'",
    "%s",
    "邻里😀",
    "a\nb",
]
EVERY = Prepared(select(attendance).order_by(attendance.c.account))
SOME = Prepared(select(account.c.id).where(among(account.c.id, "ids")).order_by(account.c.id))


def came(who: str, now: dt.datetime | None) -> dict[str, Any]:
    return {"account": who, "activity": "visit", "in_at": now, "out_at": None, "flags": who}


def counted(points: int, accounts: int) -> dict[str, Any]:
    where = {"period": "2026", "kind": "resident", "node": "village"}
    return {**where, "points": points, "accounts": accounts}


def counts(connection: Connection) -> dict[int, int]:
    return {r.points: r.accounts for r in connection.execute(select(point_count))}


def test_texts_come_back_as_they_were_written_whatever_is_in_them(
    connection: Connection, now: dt.datetime
) -> None:
    insert_rows(connection, attendance, [came(text, now) for text in HARD])
    found = {row[0]: row[4] for row in EVERY.all(connection)}
    assert found == {text: text for text in HARD}


def test_moments_and_nothing_come_back_as_they_were_written(
    connection: Connection, now: dt.datetime
) -> None:
    insert_rows(connection, attendance, [came("a1", now), came("a2", None)])
    assert [row[2] for row in EVERY.all(connection)] == [now, None]


def test_bytes_and_truth_come_back_as_they_were_written(
    connection: Connection, now: dt.datetime
) -> None:
    payloads = [b"", b"\x00\xff", b'\\"{', "邻里".encode()]
    rows = [
        {
            "terminal": "t1",
            "digest": str(number),
            "reason": "malformed",
            "detail": "",
            "signed": bool(number % 2),
            "seq": None if number else 7,
            "payload": payload,
            "count": 1,
            "first_at": now,
            "last_at": now,
        }
        for number, payload in enumerate(payloads)
    ]
    insert_rows(connection, parked, rows)
    query = Prepared(
        select(parked.c.payload, parked.c.signed, parked.c.seq).order_by(parked.c.digest)
    )
    assert [tuple(row) for row in query.all(connection)] == [
        (bytes(payload), bool(number % 2), None if number else 7)
        for number, payload in enumerate(payloads)
    ]


def test_a_row_that_is_there_is_refused_overwritten_or_left_alone(connection: Connection) -> None:
    insert_rows(connection, point_count, [counted(10, 3)])
    insert_missing(connection, point_count, [counted(10, 9), counted(20, 1)])
    assert counts(connection) == {10: 3, 20: 1}
    upsert(connection, point_count, [counted(10, 5), counted(30, 2)])
    upsert(connection, point_count, [counted(30, 2)], added=("accounts",))
    assert counts(connection) == {10: 5, 20: 1, 30: 4}
    with pytest.raises(IntegrityError), connection.begin_nested():
        insert_rows(connection, point_count, [counted(10, 1)])


def test_rows_that_are_not_there_are_neither_added_to_nor_overwritten(
    connection: Connection,
) -> None:
    insert_rows(connection, point_count, [counted(10, 5), counted(20, 5)])
    add_to_rows(connection, point_count, [counted(20, -2), counted(30, -1)])
    update_rows(connection, point_count, [counted(10, 7), counted(40, 1)])
    assert counts(connection) == {10: 7, 20: 3}


def test_a_rule_of_the_table_holds_for_many_rows_too(connection: Connection) -> None:
    insert_rows(connection, point_count, [counted(10, 1), counted(20, 1)])
    with pytest.raises(IntegrityError), connection.begin_nested():
        add_to_rows(connection, point_count, [counted(10, 1), counted(20, -2)])
    assert counts(connection) == {10: 1, 20: 1}


def test_a_text_that_is_too_long_for_its_column_is_refused_and_not_cut(
    connection: Connection,
) -> None:
    if connection.dialect.name != "postgresql":
        pytest.skip("SQLite's texts have no length")
    with pytest.raises(Exception, match="too long"), connection.begin_nested():
        insert_rows(connection, point_count, [{**counted(10, 1), "node": "n" * 49}])


@pytest.mark.parametrize("many", [0, 1, 40_000])
def test_a_prepared_query_takes_any_number_of_values(connection: Connection, many: int) -> None:
    open_system(connection, {"issuance:A", "issuance:B"})
    asked = [f"unknown {n}" for n in range(many)]
    assert SOME.all(connection, ids=asked) == []
    found = SOME.all(connection, ids=[*asked, "issuance:B", "issuance:A"])
    assert [row[0] for row in found] == ["issuance:A", "issuance:B"]


def test_rows_are_locked_whether_they_are_there_or_not(connection: Connection) -> None:
    open_system(connection, {"issuance:A"})
    lock_rows(connection, account.c.id, ["issuance:A", "unknown"])
    assert [row[0] for row in SOME.all(connection, ids=["issuance:A"])] == ["issuance:A"]
