"""Who leads a community's ranking, and where somebody stands in it."""

from __future__ import annotations

import threading

from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.people.directory import read_holders
from linli.ledger.ranking.schema import point_count
from linli.ledger.ranking.standings import _count, first, rank, rank_of
from linli.ledger.ranking.sums import Sum
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


def test_who_rises_and_who_falls_at_once_do_not_wait_for_each_other_in_a_circle(
    village: Village,
) -> None:
    """Both change the counts of the same two totals, in opposite directions."""
    key = ("2026", "a1")
    few, many = ({key: Sum(0, points, village.now)} for points in (5, 10))
    counts = [
        {"period": "2026", "kind": "resident", "node": node, "points": points, "accounts": 500}
        for node in ("street", "village", "b1")
        for points in (5, 10)
    ]
    with village.engine.begin() as connection:
        connection.execute(point_count.insert(), counts)
        holders = read_holders(connection, ["a1"])
    failures: list[SQLAlchemyError] = []

    def move(old: dict[tuple[str, str], Sum], new: dict[tuple[str, str], Sum]) -> None:
        for _ in range(60):
            try:
                with village.engine.begin() as connection:
                    _count(connection, [key], (old, holders), (new, holders))
            except SQLAlchemyError as error:
                failures.append(error)

    both = [threading.Thread(target=move, args=way) for way in ((few, many), (many, few))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert failures == []
