"""The success screen's figures: kiosk/flows/success.py."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.flows.success import Better, Person, Tap, gain, place_in_ranking, success
from linli.sync.messages import ActivityRow, DeedRow, HolderRow, Item, ItemLimit, Kind
from linli.sync.periods import SHANGHAI

NINE = dt.datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)
PATROL = ActivityRow(
    id="patrol",
    title="平安巡逻",
    item="B01",
    points=10,
    place="南门岗亭",
    starts_at=NINE,
    ends_at=NINE + dt.timedelta(hours=2),
    centre="centre",
)
ITEM = Item(
    code="B01", name="平安巡逻", points=10, record="checkin", limit=ItemLimit(n=2, per="month")
)


def deed(day: int, item: str = "B01", state: str = "pending", id_: str = "") -> DeedRow:
    return DeedRow(
        id=id_ or f"d{day}",
        account="a",
        item=item,
        activity=None,
        title=item,
        done_at=NINE.replace(day=day),
        points=10,
        state=state,
        surplus=False,
    )


def person(*deeds: DeedRow, month_total: int = 0) -> Person:
    holder = HolderRow(
        account="a",
        kind=Kind.RESIDENT,
        name="张*三",
        building="b6",
        building_name="6号楼",
        redeemable=240,
        earned=0,
        pending=15,
    )
    classes = {"B": "平安创建", "E": "卫生整治"}
    return Person(holder, deeds, ITEM, classes, month_total)


def tap(*, awards: bool = True, due: dt.datetime | None = None) -> Tap:
    return Tap(PATROL, "a", NINE, NINE, False, awards, due, "t1")


def test_a_deed_done_with_this_tap_is_added_to_the_pending_points() -> None:
    gained = gain(tap(), person())
    assert (gained.points, gained.counted, gained.added) == (10, True, 10)
    assert success(tap(), person(), gained, None, more=False).pending == 25


def test_a_check_in_that_still_needs_its_sign_out_adds_nothing_yet() -> None:
    due = NINE + dt.timedelta(minutes=60)
    gained = gain(tap(awards=False, due=due), person())
    view = success(tap(awards=False, due=due), person(), gained, None, more=False)
    assert (view.points, view.pending, view.sign_out_after) == (10, 15, due)


def test_a_deed_the_feed_has_told_of_already_is_not_added_twice() -> None:
    known = deed(28, id_="patrol.a")
    assert gain(tap(), person(known)).added == 0


def test_over_the_monthly_limit_the_deed_is_shown_as_not_counting() -> None:
    gained = gain(tap(), person(deed(1), deed(2, state="posted")))
    assert (gained.counted, gained.added) == (False, 0)


def test_voided_deeds_and_other_months_leave_room_under_the_limit() -> None:
    other_month = DeedRow(
        id="x",
        account="a",
        item="B01",
        activity=None,
        title="",
        done_at=NINE.replace(month=10),
        points=10,
        state="posted",
        surplus=False,
    )
    assert gain(tap(), person(deed(1), deed(2, state="voided"), other_month)).counted


def test_the_months_deeds_are_counted_by_class_with_this_one() -> None:
    view = success(
        tap(), person(deed(1), deed(3, "E01")), gain(tap(), person(deed(1))), None, more=False
    )
    assert view.done_this_month == 3
    assert view.done_by_class == (("平安创建", 2), ("卫生整治", 1))


def test_the_way_to_the_next_rank_is_told() -> None:
    standing = place_in_ranking("阳光社区", 175, 3, Better(180, 2))
    assert standing is not None
    assert (standing.rank, standing.gap, standing.next_rank) == (3, 5, 2)
    assert 0.9 < standing.progress < 1


def test_at_the_top_nobody_is_ahead() -> None:
    standing = place_in_ranking("阳光社区", 175, 1, None)
    assert standing is not None
    assert (standing.gap, standing.next_rank, standing.progress) == (None, None, 1.0)


def test_without_points_there_is_no_rank_to_show() -> None:
    assert place_in_ranking("阳光社区", 0, 300, None) is None
