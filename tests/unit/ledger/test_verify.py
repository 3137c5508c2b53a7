"""`verify` finds whatever was changed behind the ledger's back, and names it."""

from __future__ import annotations

import pytest

from linli.ledger.audit.verify import verify
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import Village

CORRUPTIONS = [
    (
        "UPDATE received SET body = other.body FROM (SELECT body FROM received WHERE seq = 2)"
        " AS other WHERE seq = 1",
        "event t1/1",
    ),
    ("UPDATE terminal SET watermark = 9", "terminal t1, watermark"),
    ("DELETE FROM received WHERE seq = 2", "terminal t1, watermark"),
    ("UPDATE attendance SET in_at = '2026-11-24T01:00:00.000000+00:00'", "attendance of a1"),
    ("DELETE FROM attendance", "attendance of a1"),
    ("UPDATE deed SET points = 20 WHERE id = 'visit.a1'", "deed visit.a1"),
    ("UPDATE deed SET state = 'posted' WHERE id = 'visit.a1'", "deed visit.a1, transfer"),
    ("UPDATE deed SET surplus = true WHERE id = 'visit.a1'", "deed visit.a1, over its limit"),
    ("DELETE FROM deed", "deed"),
    ("UPDATE transfer SET points = 7", "deed patrol.a2, transfer patrol.a2#1"),
    ("UPDATE transfer SET credit = 'a3:earned'", "deed patrol.a2, transfer patrol.a2#1"),
    (
        "INSERT INTO transfer (id, debit, credit, points, state, made_at, decided_at, reason)"
        " VALUES ('x', 'issuance:B', 'a1:earned', 5000, 'posted', '2026', '2026', '')",
        "transfer x",
    ),
    ("UPDATE account SET posted = 3 WHERE id = 'a1:earned'", "account a1:earned"),
    ("DELETE FROM account WHERE id = 'issuance:B'", "transfer patrol.a2#1, debit"),
    ("UPDATE account SET purse = 'earned' WHERE id = 'a1:redeemable'", "account a1:redeemable"),
    ("UPDATE transfer SET item = 'B09' WHERE deed = 'patrol.a2'", "deed patrol.a2, transfer"),
    ("UPDATE holder SET home = 'b9' WHERE account = 'a1'", "holder a1, home"),
    ("UPDATE holder SET kind = 'robot' WHERE account = 'a1'", "holder a1, kind"),
    ("UPDATE standard SET version = '9'", "standard 9"),
    ("UPDATE received SET type = 'linli.wish' WHERE seq = 1", "event t1/1"),
    ("UPDATE received SET account = 'a9' WHERE seq = 1", "event t1/1, account"),
    ("UPDATE received SET activity = 'story' WHERE seq = 1", "event t1/1"),
    ("UPDATE standing SET kind = 'unit' WHERE account = 'a1'", "standing of a1"),
    ("UPDATE standing SET points = 99, pending = 99", "standing of a1"),
    ("DELETE FROM standing WHERE account = 'a1'", "standing of a1"),
    ("UPDATE point_count SET accounts = accounts + 1", "count of"),
    ("DELETE FROM change WHERE number = 2 AND stream = 'changes'", "feed village/changes"),
]


@pytest.fixture
def lived_in(village: Village) -> Village:
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "patrol", "09:00"),
        village.sign_out("a2", "patrol", "10:30"),
    )
    return village


def test_a_sound_ledger_has_no_difference(lived_in: Village) -> None:
    assert verify(lived_in.engine) is None


@pytest.mark.parametrize(("change", "named"), CORRUPTIONS)
def test_a_changed_row_is_named(lived_in: Village, change: str, named: str) -> None:
    tamper(lived_in.engine, change)
    difference = verify(lived_in.engine)
    assert difference is not None
    assert str(difference).startswith(named)
