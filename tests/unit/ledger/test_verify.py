"""`verify` finds whatever was changed behind the ledger's back, and names it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.database import open_database
from tests.unit.ledger.village import Village

CORRUPTIONS = [
    ("UPDATE received SET body = CAST(replace(body, 'a1', 'a2') AS BLOB)", "event t1/1"),
    ("UPDATE terminal SET watermark = 9", "terminal t1, watermark"),
    ("DELETE FROM received WHERE seq = 2", "terminal t1, watermark"),
    ("UPDATE attendance SET in_at = '2026-11-24T01:00:00.000000+00:00'", "attendance of a1"),
    ("DELETE FROM attendance", "attendance of a1"),
    ("UPDATE deed SET points = 20 WHERE id = 'visit.a1'", "deed visit.a1"),
    ("UPDATE deed SET state = 'posted' WHERE id = 'visit.a1'", "deed visit.a1, transfer"),
    ("UPDATE deed SET surplus = 1 WHERE id = 'visit.a1'", "deed visit.a1, over its limit"),
    ("DELETE FROM deed", "deed"),
    ("UPDATE transfer SET points = 7", "deed patrol.a2, transfer patrol.a2#1"),
    ("UPDATE transfer SET credit = 'a3:earned'", "deed patrol.a2, transfer patrol.a2#1"),
    ("UPDATE account SET posted = 3 WHERE id = 'a1:earned'", "account a1:earned"),
    ("DELETE FROM account WHERE id = 'issuance:B'", "account issuance:B"),
    ("UPDATE standing SET points = 99, pending = 99", "standing of a1"),
    ("DELETE FROM standing WHERE account = 'a1'", "standing of a1"),
    ("UPDATE point_count SET accounts = accounts + 1", "count of"),
    ("DELETE FROM change WHERE number = 2 AND stream = 'changes'", "feed village/changes"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = Village(tmp_path / "ledger.db")
    made.send(
        made.check_in("a1", "visit", "10:05"),
        made.check_in("a2", "patrol", "09:00"),
        made.sign_out("a2", "patrol", "10:30"),
    )
    made.engine.dispose()
    return tmp_path / "ledger.db"


def test_a_sound_ledger_has_no_difference(path: Path) -> None:
    assert verify(open_database(path)) is None


@pytest.mark.parametrize(("change", "named"), CORRUPTIONS)
def test_a_changed_row_is_named(path: Path, change: str, named: str) -> None:
    with sqlite3.connect(path) as connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)
    difference = verify(open_database(path))
    assert difference is not None
    assert str(difference).startswith(named)
