"""What terminals and boards ask of a replica."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.centre import (
    CENTRE,
    activity,
    at,
    card,
    deed,
    loaded_replica,
    moment,
    notice,
    standing,
    story,
    ware,
    window,
)
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.messages import Kind, LeaseRow, LeaseState, OrgRow, Row
from linli.sync.replica import Replica
from linli.sync.replica_reads import shared_ranks

UID = b"\x04abcdef"
MONTH = "2026-11"
Load = Callable[..., Replica]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    opened: list[Replica] = []

    def load(*rows: Row) -> Replica:
        opened.append(loaded_replica(tmp_path / f"replica-{len(opened)}.db", list(rows)))
        return opened[-1]

    yield load
    for replica in opened:
        replica.close()


def test_equal_totals_share_a_rank_and_the_next_one_skips() -> None:
    assert shared_ranks([30, 20, 20, 10]) == [1, 2, 2, 4]


@given(st.lists(st.integers(1, 5)).map(lambda totals: sorted(totals, reverse=True)))
def test_a_rank_is_one_more_than_the_number_of_better_ones(totals: list[int]) -> None:
    assert shared_ranks(totals) == [1 + sum(t > own for t in totals) for own in totals]


def test_a_tie_stands_in_the_order_in_which_its_points_were_reached(load: Load) -> None:
    replica = load(
        standing("late", 20, reached_at=at("10:00")),
        standing("early", 20, reached_at=at("09:00")),
        standing("best", 30),
        standing("last", 10),
    )
    top = replica.top(MONTH, Kind.RESIDENT, 10)
    assert [(rank, row.account) for rank, row in top] == [
        (1, "best"),
        (2, "early"),
        (2, "late"),
        (4, "last"),
    ]


def test_a_ranking_holds_one_kind_one_period_and_only_those_with_points(load: Load) -> None:
    replica = load(
        standing("r-1", 20),
        standing("r-2", 0),
        standing("cadre", 30, Kind.CADRE),
        standing("r-3", 30, period="2026-10"),
    )
    assert [row.account for _, row in replica.top(MONTH, Kind.RESIDENT, 10)] == ["r-1"]
    assert replica.count(MONTH, Kind.RESIDENT) == 1


def test_pending_and_posted_points_rank_together(load: Load) -> None:
    replica = load(standing("r-1", 20, posted=20), standing("r-2", 25, posted=5))
    assert [row.account for _, row in replica.top(MONTH, Kind.RESIDENT, 1)] == ["r-2"]


def test_a_rank_to_be_counts_those_with_more_and_leaves_oneself_out(load: Load) -> None:
    replica = load(standing("r-1", 40), standing("r-2", 30), standing("r-3", 20))
    assert replica.rank_for(30, MONTH, Kind.RESIDENT, without="r-3") == 2
    assert replica.rank_for(50, MONTH, Kind.RESIDENT, without="r-3") == 1
    assert replica.rank_for(10, MONTH, Kind.RESIDENT, without="r-3") == 3


def test_the_next_better_total_is_the_smallest_above(load: Load) -> None:
    replica = load(standing("r-1", 40), standing("r-2", 30), standing("r-3", 20))
    assert replica.next_above(20, MONTH, Kind.RESIDENT, without="r-3") == 30
    assert replica.next_above(40, MONTH, Kind.RESIDENT, without="r-3") is None


def test_a_card_is_found_by_its_uid_in_either_case(load: Load) -> None:
    replica = load(card("c-1", UID, "r-1"))
    found = [replica.card(text) for text in (UID.hex(), UID.hex().upper())]
    assert [row and row.card for row in found] == ["c-1", "c-1"]


def test_of_two_cards_with_one_uid_the_active_one_is_found(load: Load) -> None:
    replica = load(card("c-1", UID, "r-1", status="replaced"), card("c-2", UID, "r-2"))
    found = replica.card(UID.hex())
    assert found is not None
    assert found.card == "c-2"


def test_activities_are_those_that_overlap_the_window_by_their_start(load: Load) -> None:
    replica = load(
        activity("noon", "12:00-13:00"),
        activity("all-day", "08:00-18:00"),
        activity("evening", "19:00-20:00"),
        activity("dawn", "06:00-07:00"),
    )
    found = replica.activities(at("10:00"), at("13:30"))
    assert [row.id for row in found] == ["all-day", "noon"]


def test_activities_are_found_whatever_zone_they_were_written_in(load: Load) -> None:
    noon = activity("noon", "12:00-13:00")
    utc = activity(
        "noon", starts_at=noon.starts_at.astimezone(dt.UTC), ends_at=noon.ends_at.astimezone(dt.UTC)
    )
    assert [a.id for a in load(utc).activities(at("12:30"), at("12:40"))] == ["noon"]


def test_deeds_are_an_accounts_own_since_a_moment_oldest_first(load: Load) -> None:
    replica = load(
        deed("d-2", "r-1", at("10:00")),
        deed("d-1", "r-1", at("09:00"), state="voided"),
        deed("d-0", "r-1", at("08:00")),
        deed("d-9", "r-2", at("10:00")),
    )
    assert [d.id for d in replica.deeds("r-1", at("09:00"))] == ["d-1", "d-2"]


def test_moments_come_newest_first(load: Load) -> None:
    replica = load(*[moment(f"m-{n}", at(f"09:0{n}")) for n in (1, 3, 2)])
    assert [m.id for m in replica.moments(2)] == ["m-3", "m-2"]


def test_the_newest_month_on_notice_comes_first(load: Load) -> None:
    replica = load(notice("2026-09"), notice("2026-10"), notice("2025-12"))
    assert [n.month for n in replica.notices(2)] == ["2026-10", "2026-09"]


def test_stories_on_show_come_newest_first(load: Load) -> None:
    replica = load(
        story("s-1", at("08:00")),
        story("s-2", at("09:00")),
        story("s-3", at("10:00"), shown=False, title="", text="", name=""),
    )
    assert [s.id for s in replica.stories(9)] == ["s-2", "s-1"]
    assert [s.id for s in replica.stories(1)] == ["s-2"]


def test_what_is_on_sale_is_found_at_every_centre(load: Load) -> None:
    replica = load(
        ware("rice"),
        ware("rice", "north", left=0),
        ware("oil", on_sale=False),
        ware("bread", "", kind="voucher", merchant="bakery", left=None),
    )
    assert [(w.id, w.centre) for w in replica.wares()] == [
        ("bread", ""),
        ("rice", CENTRE),
        ("rice", "north"),
    ]


def test_the_window_is_the_open_one_or_the_next(load: Load) -> None:
    replica = load(
        window(at("08:00"), at("09:00"), "2026-Q3"), window(at("10:00"), at("11:00"), "2026-Q4")
    )
    asked = {clock: replica.window(at(clock)) for clock in ("08:30", "09:00", "10:59", "11:00")}
    assert {clock: w.quarter if w else None for clock, w in asked.items()} == {
        "08:30": "2026-Q3",
        "09:00": "2026-Q4",
        "10:59": "2026-Q4",
        "11:00": None,
    }


def test_the_tree_is_found_node_by_node(load: Load) -> None:
    node = OrgRow(id="b-1", parent="s-1", level="building", name="1号楼")
    assert load(node).org("b-1") == node


def test_what_is_not_there_is_none_or_empty(load: Load) -> None:
    replica = load()
    assert replica.card(UID.hex()) is None
    assert replica.holder("r-1") is None
    assert replica.standing("r-1", MONTH) is None
    assert replica.standard_for(dt.date(2026, 11, 24)) is None
    assert replica.deeds("r-1", at("09:00")) == []
    assert not replica.is_hot("c-1")


def test_what_any_terminal_asked_of_somebody_is_found_by_the_beginning_of_its_id(
    load: Load,
) -> None:
    ids = ["r-1.x", "r-1.y", "r-10.x", "r-1-a.x", "r-0.x"]
    rows = [
        LeaseRow(id=id_, terminal="t-1", account="r-9", points=5, state=LeaseState.GRANTED)
        for id_ in ids
    ]
    assert [row.id for row in load(*rows).leases_asked_of("r-1")] == ["r-1.x", "r-1.y"]
