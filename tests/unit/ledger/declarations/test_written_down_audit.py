"""`verify` finds deeds that nobody wrote down, and entries that one person made alone."""

from __future__ import annotations

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.review.opinions import Choice
from tests.unit.ledger.declarations import forms
from tests.unit.ledger.declarations.forms import declared, entered, signed, tell
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import Village

CORRUPTIONS = [
    ("DELETE FROM declaration", "deed declared-"),
    ("UPDATE declaration SET item = 'F02'", "deed declared-"),
    ("UPDATE declaration SET account = 'a3'", "deed declared-"),
    ("UPDATE deed SET flags = '' WHERE flags = 'declared'", "deed declared-"),
    ("UPDATE desk_entry SET outcome = NULL", "deed by-hand-"),
    ("UPDATE desk_entry SET day = '2026-11-23'", "deed by-hand-"),
    ("UPDATE desk_entry SET settled_by = entered_by", "entry by-hand-"),
    ("UPDATE desk_entry SET settled_by = NULL", "entry by-hand-"),
    ("UPDATE desk_entry SET settled_account = account", "entry by-hand-"),
    ("UPDATE desk_entry SET entered_account = 'a4'", "opinion on by-hand-"),
    ("UPDATE photo SET jpeg = (SELECT doc FROM standard)", "photo "),
    ("DELETE FROM evidence", "photo "),
    ("UPDATE evidence SET deed = 'declared-other'", "photo |evidence of declared-other"),
    (
        "INSERT INTO declaration (id, account, item, day, words, made_at) VALUES"
        " ('declared-x', 'a3', 'F01', '2026-11-24', '', '2026-11-24T12:00:00.000000+00:00')",
        "deed declared-x",
    ),
    ("UPDATE deed SET activity = NULL WHERE id = 'visit.a2'", "deed visit.a2"),
]


@pytest.fixture
def lived_in(village: Village) -> Village:
    """One declaration waits, one entry is posted, one card was tapped."""
    declared(village, photos=[forms.photo()])
    id_ = entered(village, "a2")
    signed(village, id_, forms.ZHOU)
    tell(village, id_, Choice.POST, "a4", "a5", reason="")
    village.send(village.check_in("a2", "visit", "10:05"))
    assert verify(village.engine) is None
    return village


@pytest.mark.parametrize(("change", "named"), CORRUPTIONS)
def test_a_changed_row_is_named(lived_in: Village, change: str, named: str) -> None:
    tamper(lived_in.engine, change)
    difference = verify(lived_in.engine)
    assert difference is not None
    assert str(difference).startswith(tuple(named.split("|")))
