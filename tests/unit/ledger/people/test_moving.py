"""Somebody moves to another home: standings and counts go along, and every terminal hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.people.cards import block_card
from linli.ledger.people.checks import NewOrg, PeopleError
from linli.ledger.people.moving import move
from linli.ledger.people.tree import add_orgs
from linli.ledger.ranking.standings import rank
from linli.ledger.schema import holder, hot_list, point_count, standing
from linli.sync.messages import CardRow, DeedRow, HolderRow, Kind, Row, StandingRow, Stream
from tests.unit.ledger.village import Village

ORGS = (
    NewOrg("b2", "village", "building", "2号楼"),
    NewOrg("b2-9", "b2", "household", "9号"),
    NewOrg("hupan", "street", "community", "湖畔社区"),
    NewOrg("h1", "hupan", "building", "湖畔1号楼"),
)
Told = Callable[[Engine, str, Stream], list[Row]]


@pytest.fixture
def village(village: Village) -> Village:
    """a1 has 10 points; there is a second building, and another community."""
    with village.engine.begin() as connection:
        add_orgs(connection, ORGS, village.now)
    village.send(village.check_in("a1", "visit", "10:05"))
    return village


def counts(village: Village, node: str) -> int:
    return sum(r.accounts for r in village.rows(point_count) if r.node == node)


def test_within_a_community_the_standing_follows_to_the_other_building(
    village: Village, told: Told
) -> None:
    with village.engine.begin() as connection:
        assert move(connection, "a1", "b2-9", village.now)
        assert not move(connection, "a1", "b2-9", village.now)
    assert {row.building for row in village.rows(standing)} == {"b2"}
    newest = told(village.engine, "village", Stream.HOLDERS)[-1]
    assert isinstance(newest, HolderRow)
    assert newest.building_name == "2号楼"
    assert verify(village.engine) is None


def test_to_another_community_counts_follow(village: Village) -> None:
    before = counts(village, "street")
    with village.engine.begin() as connection:
        move(connection, "a1", "h1", village.now)
        assert rank(connection, "2026-11", Kind.RESIDENT, "hupan", 5) == 2
        assert rank(connection, "2026-11", Kind.RESIDENT, "village", 5) == 1
    assert counts(village, "village") == 0
    assert counts(village, "hupan") == 3
    assert counts(village, "street") == before
    assert {(row.building, row.scope) for row in village.rows(standing)} == {("h1", "hupan")}
    assert verify(village.engine) is None


def test_both_communities_are_told(village: Village, told: Told) -> None:
    with village.engine.begin() as connection:
        move(connection, "a1", "h1", village.now)
    left = told(village.engine, "village", Stream.HOLDERS)
    newest = {type(row): row for row in left}
    assert isinstance(newest[CardRow], CardRow)
    assert newest[CardRow].status == "blocked"
    gone = told(village.engine, "village", Stream.CHANGES)[-1]
    assert isinstance(gone, StandingRow)
    assert (gone.account, gone.pending, gone.posted) == ("a1", 0, 0)
    assert gone.building == "b1"
    came = told(village.engine, "hupan", Stream.HOLDERS)
    assert {type(row) for row in came} >= {HolderRow, CardRow, DeedRow}
    assert [row.status for row in came if isinstance(row, CardRow)] == ["active"]
    here = told(village.engine, "hupan", Stream.CHANGES)[-1]
    assert isinstance(here, StandingRow)
    assert (here.pending, here.building) == (10, "h1")


def test_a_snapshot_has_them_where_they_are_now(village: Village) -> None:
    with village.engine.begin() as connection:
        move(connection, "a1", "h1", village.now)
    with reading(village.engine) as connection:
        old = snapshot(connection, "village", Stream.HOLDERS, village.now)
        new = snapshot(connection, "hupan", Stream.HOLDERS, village.now)
    assert "a1" not in {row.account for row in old.rows if isinstance(row, HolderRow)}
    assert "a1" in {row.account for row in new.rows if isinstance(row, HolderRow)}


def test_a_stopped_card_is_on_the_hot_list_of_the_new_community(village: Village) -> None:
    with village.engine.begin() as connection:
        block_card(connection, "card-a1", village.now)
        move(connection, "a1", "h1", village.now)
    assert {row.scope for row in village.rows(hot_list)} == {"village", "hupan"}


def test_what_comes_later_counts_in_the_new_community(village: Village) -> None:
    with village.engine.begin() as connection:
        move(connection, "a1", "h1", village.now)
    village.send(village.check_in("a1", "story", "14:35"))
    assert village.month("a1") == 20
    assert verify(village.engine) is None


@pytest.mark.parametrize(
    ("account", "home", "says"),
    [
        ("a9", "b2", "no account 'a9'"),
        ("a1", "b9", "not in the tree"),
        ("a1", "hupan", "give its building or household"),
    ],
)
def test_a_wrong_move_is_refused(village: Village, account: str, home: str, says: str) -> None:
    with village.engine.begin() as connection:
        with pytest.raises(PeopleError, match=says):
            move(connection, account, home, village.now)
        home_of = select(holder.c.home).where(holder.c.account == "a1")
        assert connection.execute(home_of).scalar() == "b1"
