"""Somebody moves away: nothing new counts, nothing old is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from linli.ledger.audit.verify import verify
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.leaving import leave
from linli.ledger.people.moving import move
from linli.ledger.ranking.standings import rank
from linli.ledger.review.panel import MEMBER, PanelError, appoint, members
from linli.ledger.schema import card, hot_list, standing
from linli.sync.messages import Kind, Row, StandingRow, Stream
from tests.unit.ledger.village import Village, at


@pytest.fixture
def village(village: Village) -> Village:
    """a1 has 20 points and a2 10."""
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "story", "14:35"),
        village.check_in("a1", "story-again", "19:05"),
    )
    return village


def place(village: Village) -> int:
    with village.engine.connect() as connection:
        return rank(connection, "2026-11", Kind.RESIDENT, "village", village.month("a2"))


def test_who_left_is_ranked_nowhere_and_keeps_the_balance(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    assert place(village) == 2
    with village.engine.begin() as connection:
        assert leave(connection, "a1", village.now)
    assert place(village) == 1
    assert village.pending("a1") == 20
    assert {row.points for row in village.rows(standing) if row.account == "a1"} == {0}
    rows = told(village.engine, "village", Stream.CHANGES)
    newest = {(r.account, r.period): r for r in rows if isinstance(r, StandingRow)}
    assert newest["a1", "2026-11"].pending == 0
    assert newest["a2", "2026-11"].pending == 10
    assert verify(village.engine) is None


def test_all_cards_are_stopped(village: Village) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
        row = connection.execute(select(card).where(card.c.account == "a1")).one()
    assert (row.status, row.blocked_at) == ("blocked", village.now)
    assert len(village.rows(hot_list)) == 1


def test_what_was_done_before_counts_whenever_it_arrives_and_nothing_later_does(
    village: Village,
) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", at("12:00"))
    village.send(
        village.check_in("a1", "patrol", "09:00"), village.sign_out("a1", "patrol", "10:01")
    )
    village.send(village.check_in("a1", "story", "14:40"))
    assert village.deed("patrol.a1").state == "pending"
    assert village.deed("story.a1") is None
    assert village.month("a1") == 0
    assert verify(village.engine) is None


def test_a_deed_dated_after_the_leaving_is_withdrawn(village: Village) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", at("10:00"))
    assert village.deed("visit.a1").state == "voided"
    assert village.pending("a1") == 0
    assert verify(village.engine) is None


def test_leaving_twice_is_leaving_once(village: Village) -> None:
    with village.engine.begin() as connection:
        assert leave(connection, "a1", village.now)
        assert not leave(connection, "a1", at("23:00"))
        with pytest.raises(PeopleError, match="closed"):
            move(connection, "a1", "b1", village.now)


def test_who_left_sits_on_no_panel(village: Village) -> None:
    with village.engine.begin() as connection:
        appoint(connection, "village", "a1", MEMBER, "居民代表", at("08:00"))
        leave(connection, "a1", at("12:00"))
        assert members(connection, "village", at("13:00")) == {}
        with pytest.raises(PanelError):
            appoint(connection, "village", "a1", MEMBER, "居民代表", at("13:00"))


def test_nobody_leaves_who_is_not_there(village: Village) -> None:
    with village.engine.begin() as connection, pytest.raises(PeopleError, match="no account 'a9'"):
        leave(connection, "a9", village.now)
