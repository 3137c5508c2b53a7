"""Anybody of the community may object; an upheld objection never takes back what was spent."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert

from linli.ledger.audit.books import balances, deeds_are_paid
from linli.ledger.audit.months import corrections
from linli.ledger.audit.verify import verify
from linli.ledger.journal.accounts import Move, apply_moves, open_system
from linli.ledger.journal.decisions import DecisionError
from linli.ledger.journal.schema import account, transfer
from linli.ledger.notice.debts import owed_by, settle_debts
from linli.ledger.notice.objecting import ObjectionError, Way, answer, object_to, take_back
from linli.ledger.notice.publishing import NoticeError, freeze, seal
from linli.ledger.notice.schema import objection
from linli.ledger.standard.versions import StandardShelf
from tests.unit.ledger.village import Village

DAY = dt.timedelta(days=1)


@pytest.fixture
def village(village: Village) -> Village:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
    return village


def objected(
    village: Village, deed: str = "visit.a1", by: str = "a3", words: str = "没来过"
) -> str:
    with village.engine.begin() as connection:
        return object_to(connection, deed, by, Way.CARD, words, village.now)


def answered(village: Village, id_: str, by: str = "a5", *, upheld: bool) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        answer(connection, id_, by, "查过签到记录", standards, village.now, upheld=upheld)


def sealed(village: Village) -> None:
    village.now += 6 * DAY
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-11", village.now)


def balance(village: Village, id_: str) -> int:
    return next(row.posted for row in village.rows(account) if row.id == id_)


def test_a_month_with_an_open_objection_is_not_sealed(village: Village) -> None:
    objected(village)
    with pytest.raises(NoticeError, match="not answered yet"):
        sealed(village)


def test_an_upheld_objection_takes_the_deed_back(village: Village) -> None:
    answered(village, objected(village), upheld=True)
    assert balance(village, "a1:earned") == 10
    assert village.deed("visit.a1").state == "voided"
    assert village.month("a1") == 10
    assert verify(village.engine) is None
    sealed(village)
    assert balance(village, "a1:redeemable") == 10
    assert verify(village.engine) is None


def test_one_that_is_not_upheld_leaves_it(village: Village) -> None:
    answered(village, objected(village), upheld=False)
    sealed(village)
    assert balance(village, "a1:redeemable") == 20


def test_saying_it_twice_is_one_objection_while_it_waits(village: Village) -> None:
    assert objected(village) == objected(village, words="真的没来过")
    answered(village, objected(village), upheld=False)
    assert objected(village) == "visit.a1!2"


def test_each_is_answered_once(village: Village) -> None:
    id_ = objected(village)
    answered(village, id_, upheld=False)
    with pytest.raises(ObjectionError, match="is answered already"):
        answered(village, id_, upheld=True)


@pytest.mark.parametrize(("by", "says"), [("a3", "not on the panel"), ("a4", "another member")])
def test_only_a_member_without_interest_answers(village: Village, by: str, says: str) -> None:
    id_ = objected(village, by="a4")
    with pytest.raises(ObjectionError, match=says):
        answered(village, id_, by, upheld=True)


@pytest.mark.parametrize(
    ("deed", "by", "words", "says"),
    [
        ("story.a3", "a1", "没来", "on no notice that hangs"),
        ("nothing", "a1", "没来", "on no notice that hangs"),
        ("visit.a1", "stranger", "没来", "is not of village"),
        ("visit.a1", "a3", "  ", "1 to 500 characters"),
        ("visit.a1", "a3", "长" * 501, "1 to 500 characters"),
    ],
)
def test_an_objection_that_cannot_be_taken_says_why(
    village: Village, deed: str, by: str, words: str, says: str
) -> None:
    with pytest.raises(ObjectionError, match=says):
        objected(village, deed, by, words)
    assert not village.rows(objection)


def test_after_the_notice_nobody_objects(village: Village) -> None:
    village.now += 6 * DAY
    with pytest.raises(ObjectionError, match="on no notice that hangs now"):
        objected(village)


def spend(village: Village, holder: str, points: int) -> None:
    """As a shop would, for good."""
    with village.engine.begin() as connection:
        open_system(connection, {"goods"})
        connection.execute(
            insert(transfer).values(
                id=f"sale.{holder}.{points}",
                debit=f"{holder}:redeemable",
                credit="goods",
                points=points,
                state="posted",
                made_at=village.now,
                decided_at=village.now,
                reason="rice",
            )
        )
        apply_moves(connection, [Move(f"{holder}:redeemable", "goods", points, 0)])


def taken_back(village: Village, deed: str) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, deed, "签到是代刷的", standards, village.now, sealed=True)


def books_are_right(village: Village) -> bool:
    """All but the made-up shop."""
    with village.engine.connect() as connection:
        standards = StandardShelf().read(connection)
        checks = (corrections, balances, deeds_are_paid)
        return not any(list(check(connection, standards)) for check in checks)


def test_what_was_spent_is_owed_and_settled_from_later_points(village: Village) -> None:
    sealed(village)
    spend(village, "a1", 15)
    taken_back(village, "visit.a1")
    assert balance(village, "a1:redeemable") == 0
    with village.engine.begin() as connection:
        assert owed_by(connection, "a1") == 5
    assert books_are_right(village)
    with village.engine.begin() as connection:
        connection.execute(
            insert(transfer).values(
                id="gift",
                debit="issuance:D",
                credit="a1:redeemable",
                points=8,
                state="posted",
                made_at=village.now,
                decided_at=village.now,
                reason="",
            )
        )
        apply_moves(connection, [Move("issuance:D", "a1:redeemable", 8, 0)])
        settle_debts(connection, ["a1"], village.now)
        assert owed_by(connection, "a1") == 0
    assert balance(village, "a1:redeemable") == 3
    assert books_are_right(village)


def test_a_deed_is_taken_back_once(village: Village) -> None:
    sealed(village)
    taken_back(village, "visit.a1")
    with pytest.raises(DecisionError, match="is not posted"):
        taken_back(village, "visit.a1")
