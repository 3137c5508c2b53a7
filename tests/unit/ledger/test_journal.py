"""The journal's promises: the database itself keeps them, whoever writes to it."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.exc import IntegrityError

from linli.ledger.audit.verify import verify
from linli.ledger.journal.carrying import carry_over
from linli.ledger.journal.decisions import DecisionError
from linli.ledger.journal.schema import account, transfer
from tests.unit.ledger.village import Village


@pytest.fixture
def village(village: Village) -> Village:
    """Two people have been tapping."""
    village.send(village.check_in("a1", "visit", "10:05"), village.check_in("a2", "story", "14:40"))
    return village


def test_a_transaction_that_makes_points_cannot_be_committed(village: Village) -> None:
    with pytest.raises(IntegrityError), village.engine.begin() as connection:
        connection.execute(
            update(account).where(account.c.id == "a1:earned").values(posted=account.c.posted + 5)
        )
    assert village.posted("a1") == 0


def test_a_purse_cannot_fall_below_zero(village: Village) -> None:
    with pytest.raises(IntegrityError), village.engine.begin() as connection:
        connection.execute(
            update(account).where(account.c.id == "a1:earned").values(posted=-1, pending=0)
        )


def test_an_issuing_account_goes_below_zero_by_what_it_gave(village: Village) -> None:
    balances = {row.id: row.pending for row in village.rows(account)}
    assert balances["issuance:D"] == -10


def test_a_transfer_cannot_be_deleted(village: Village) -> None:
    with pytest.raises(IntegrityError), village.engine.begin() as connection:
        connection.execute(delete(transfer))


def test_a_decided_transfer_cannot_change_again(village: Village) -> None:
    village.decide("visit.a1")
    with pytest.raises(IntegrityError), village.engine.begin() as connection:
        connection.execute(update(transfer).values(state="voided"))


def test_the_points_of_a_transfer_cannot_change(village: Village) -> None:
    with pytest.raises(IntegrityError), village.engine.begin() as connection:
        connection.execute(update(transfer).values(points=99))


def test_posting_moves_points_from_pending_to_posted(village: Village) -> None:
    village.decide("visit.a1")
    assert (village.pending("a1"), village.posted("a1")) == (0, 10)
    assert verify(village.engine) is None


def test_voiding_takes_pending_points_back(village: Village) -> None:
    village.decide("visit.a1", state="voided")
    assert (village.pending("a1"), village.posted("a1")) == (0, 0)
    assert village.month("a1") == 0
    assert verify(village.engine) is None


def test_what_is_decided_cannot_be_decided_again(village: Village) -> None:
    village.decide("visit.a1", state="voided")
    with pytest.raises(DecisionError, match="voided already"):
        village.decide("visit.a1")


def test_a_deed_that_does_not_exist_cannot_be_decided(village: Village) -> None:
    with pytest.raises(DecisionError, match=r"no deed visit\.a9"):
        village.decide("visit.a1", "visit.a9")
    assert village.posted("a1") == 0


def test_a_surplus_deed_cannot_be_posted(village: Village) -> None:
    village.send(village.check_in("a2", "story-again", "19:05"))
    with pytest.raises(DecisionError, match="over its item's limit"):
        village.decide("story-again.a2")


def test_voiding_a_deed_lets_the_next_one_count(village: Village) -> None:
    village.send(village.check_in("a2", "story-again", "19:05"))
    assert village.deed("story-again.a2").surplus
    village.decide("story.a2", state="voided")
    assert not village.deed("story-again.a2").surplus
    assert village.pending("a2") == 10


def test_an_event_that_comes_after_the_review_changes_nothing_decided(village: Village) -> None:
    village.decide("visit.a1")
    village.send(village.check_in("a1", "visit", "09:58"))
    assert village.posted("a1") == 10
    assert verify(village.engine) is None


def test_points_carried_over_are_redeemable_at_once(village: Village) -> None:
    with village.engine.begin() as connection:
        carry_over(connection, {"a1": 240, "a2": 0}, "old list", village.now)
    balances = {row.id: row.posted for row in village.rows(account)}
    assert (balances["a1:redeemable"], balances["opening"]) == (240, -240)
    assert verify(village.engine) is None


def test_points_are_carried_over_once_only(village: Village) -> None:
    for expected in (None, IntegrityError):
        with village.engine.connect() as connection, connection.begin():
            if expected is None:
                carry_over(connection, {"a1": 240}, "old list", village.now)
            else:
                with pytest.raises(expected):
                    carry_over(connection, {"a1": 240}, "old list", village.now)


def test_the_database_itself_refuses_without_our_code(village: Village) -> None:
    """Somebody with a database tool is held to the same rules."""
    connection = village.engine.raw_connection()
    cursor = connection.cursor()
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        cursor.execute("UPDATE account SET posted = -5 WHERE id = 'a1:earned'")
    connection.rollback()
    connection.close()
    with village.engine.connect() as check:
        assert check.execute(text("SELECT sum(posted) FROM account")).scalar() == 0


def test_writers_of_different_people_do_not_wait_for_each_other(village: Village) -> None:
    """On PostgreSQL, where the sum over all accounts is one row."""
    if village.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    with village.engine.connect() as first, village.engine.connect() as second:
        moved(first, "a1", 5)
        second.execute(text("SET LOCAL lock_timeout = '2s'"))
        moved(second, "a2", 5)
        moved(second, "a2", -5)
        second.commit()
        moved(first, "a1", -5)
        first.commit()
    assert verify(village.engine) is None


def moved(connection: Connection, who: str, points: int) -> None:
    change = text("UPDATE account SET posted = posted + :points WHERE id = :id")
    connection.execute(change, {"points": points, "id": f"{who}:earned"})
