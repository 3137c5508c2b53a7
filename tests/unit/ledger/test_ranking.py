"""Who leads a community's ranking, and where somebody stands in it."""

from __future__ import annotations

from linli.ledger.ranking.standings import first, rank, rank_of
from linli.sync.messages import Kind
from tests.unit.ledger.village import Village

NOVEMBER = ("2026-11", Kind.RESIDENT, "village")


def test_of_equal_points_who_had_them_first_leads(village: Village) -> None:
    village.send(
        village.check_in("a3", "visit", "10:05"),
        village.check_in("a1", "visit", "10:00"),
        village.check_in("a2", "visit", "09:50"),
        village.check_in("a2", "story", "14:30"),
    )
    with village.engine.connect() as connection:
        assert first(connection, *NOVEMBER, 10) == [("a2", 20), ("a1", 10), ("a3", 10)]
        assert first(connection, *NOVEMBER, 2) == [("a2", 20), ("a1", 10)]


def test_equal_points_share_a_rank(village: Village) -> None:
    village.send(
        village.check_in("a1", "visit", "10:00"),
        village.check_in("a2", "visit", "10:01"),
        village.check_in("a3", "story", "14:30"),
        village.check_in("a3", "visit", "10:02"),
    )
    with village.engine.connect() as connection:
        ranks = [rank_of(connection, *NOVEMBER, who) for who in ("a3", "a1", "a2")]
        assert ranks == [1, 2, 2]
        assert ranks == [rank(connection, *NOVEMBER, points) for points in (20, 10, 10)]


def test_who_has_nothing_leads_nothing(village: Village) -> None:
    with village.engine.connect() as connection:
        assert first(connection, *NOVEMBER, 10) == []
