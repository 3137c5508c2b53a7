"""Where one account stands in its community and its building."""

from __future__ import annotations

from linli.ledger.people.checks import NewOrg
from linli.ledger.people.directory import read_holders
from linli.ledger.people.leaving import leave
from linli.ledger.people.moving import move
from linli.ledger.people.tree import add_orgs
from linli.ledger.ranking.own import Own, Place, own_standing
from tests.unit.ledger.village import Village


def own(village: Village, account: str, period: str = "2026-11") -> Own:
    with village.engine.connect() as connection:
        of = read_holders(connection, [account])[account]
        return own_standing(connection, of, period)


def test_without_points_there_is_no_place(village: Village) -> None:
    assert own(village, "a1") == Own("2026-11", 0, 0)


def test_equal_points_share_a_rank_and_only_who_has_points_is_counted(village: Village) -> None:
    village.send(*[village.check_in(a, "visit", "10:05") for a in ("a1", "a2", "a3")])
    village.send(village.check_in("a3", "story", "14:35"))
    assert own(village, "a3").community == Place(1, 3)
    assert own(village, "a1").community == own(village, "a2").community == Place(2, 3)
    assert own(village, "a1").points == own(village, "a1").pending == 10
    assert own(village, "a1", "2026").building == Place(2, 3)


def test_a_building_has_ranks_of_its_own(village: Village) -> None:
    village.send(*[village.check_in(a, "visit", "10:05") for a in ("a1", "a2", "a3")])
    village.send(village.check_in("a3", "story", "14:35"))
    with village.engine.begin() as connection:
        add_orgs(connection, [NewOrg("b2", "village", "building", "2号楼")], village.now)
        move(connection, "a3", "b2", village.now)
    assert (own(village, "a3").building, own(village, "a1").building) == (Place(1, 1), Place(1, 2))
    assert own(village, "a1").community == Place(2, 3)


def test_who_left_stands_in_nobodys_way(village: Village) -> None:
    village.send(*[village.check_in(a, "visit", "10:05") for a in ("a1", "a2")])
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
    assert own(village, "a2").community == Place(1, 1)
    assert own(village, "a1") == Own("2026-11", 0, 0)
