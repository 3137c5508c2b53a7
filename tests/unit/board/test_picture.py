"""The board's picture: ranking, what just happened, what comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.centre import (
    DAY,
    activity,
    at,
    change_of_standard,
    holder,
    loaded_replica,
    moment,
    notice,
    plan,
    snapshots,
    standing,
    story,
    urgent,
    ware,
    window,
)

from linli.board.picture import (
    COMING,
    LATEST,
    STORIES,
    TOP,
    Line,
    notice_shown,
    picture,
    steps_of,
    stories_shown,
)
from linli.board.state import BoardState, Placed, Tab
from linli.board.turning import Page
from linli.sync.messages import Kind, OrgRow, Row, Stream
from linli.sync.replica import Replica

Picture = Callable[..., BoardState]


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Picture]:
    opened: list[Replica] = []

    def drawn(
        *rows: Row,
        now: dt.datetime | None = None,
        tab: Tab = Tab.RESIDENT,
        item: str = "",
        per: str = "month",
    ) -> BoardState:
        opened.append(loaded_replica(tmp_path / f"board-{len(opened)}.db", list(rows)))
        page, line = Page(tab, per, item), Line(online=True)
        return picture(opened[-1], now or at("09:00"), page, place="阳光社区", line=line)

    yield drawn
    for replica in opened:
        replica.close()


def test_an_empty_replica_is_an_empty_picture(drawn: Picture) -> None:
    state = drawn()
    assert (state.ranks, state.latest, state.coming, state.participants) == ((), (), (), 0)
    assert (state.month, state.offline, state.darkness) == ("2026-11", False, 0.0)


def test_a_tab_ranks_its_own_kind_by_pending_and_posted_points(drawn: Picture) -> None:
    rows = [standing("r-1", 30, posted=10), standing("r-2", 30), standing("c-1", 99, Kind.CADRE)]
    state = drawn(*rows)
    assert [(r.account, r.rank, r.posted, r.pending) for r in state.ranks] == [
        ("r-1", 1, 10, 20),
        ("r-2", 1, 0, 30),
    ]
    assert [r.account for r in drawn(*rows, tab=Tab.CADRE).ranks] == ["c-1"]


def test_only_the_first_few_are_shown_and_all_are_counted(drawn: Picture) -> None:
    state = drawn(*[standing(f"r-{n}", n + 1) for n in range(25)])
    assert (len(state.ranks), state.participants) == (TOP, 25)


def test_the_first_moment_of_a_month_begins_a_new_ranking(drawn: Picture) -> None:
    rows = [standing("r-1", 30), standing("r-2", 5, period="2026-12")]
    last = dt.datetime(2026, 11, 30, 15, 59, 59, tzinfo=dt.UTC)
    assert [r.account for r in drawn(*rows, now=last).ranks] == ["r-1"]
    first = last + dt.timedelta(seconds=1)
    assert [r.account for r in drawn(*rows, now=first).ranks] == ["r-2"]


def test_the_newest_moments_are_shown_in_local_time(drawn: Picture) -> None:
    utc = [moment(f"m-{n}", at(f"08:{n:02d}").astimezone(dt.UTC), None) for n in range(10)]
    state = drawn(*utc)
    assert [m.id for m in state.latest] == ["m-9", "m-8", "m-7", "m-6"][:LATEST]
    assert state.latest[0].at.utcoffset() == dt.timedelta(hours=8)
    assert state.latest[0].points is None


def test_what_is_left_of_today_comes_first(drawn: Picture) -> None:
    state = drawn(
        activity("running", "08:00-12:00"),
        activity("noon", "12:00-13:00"),
        activity("cancelled", "10:00-11:00", cancelled=True),
        activity("evening", "19:00-20:00"),
    )
    assert state.coming_is_today
    assert [c.title for c in state.coming] == ["title of noon", "title of evening"]
    assert len(state.coming) <= COMING


def test_with_nothing_left_tomorrow_is_shown(drawn: Picture) -> None:
    day = dt.timedelta(days=1)
    morning = activity("morning", "08:00-12:00")
    state = drawn(
        activity("running", "18:00-22:00"),
        activity("morning", starts_at=morning.starts_at + day, ends_at=morning.ends_at + day),
        activity("after", starts_at=morning.starts_at + 2 * day, ends_at=morning.ends_at + 2 * day),
        now=at("21:00"),
    )
    assert not state.coming_is_today
    assert [c.title for c in state.coming] == ["title of morning"]


def test_what_only_terminals_may_know_never_reaches_the_board(tmp_path: Path) -> None:

    replica = Replica(tmp_path / "board.db", "s-1", (Stream.CHANGES,))

    public, _ = snapshots([standing("r-1", 10), holder("r-1")])
    replica.load(public)
    state = picture(replica, at("09:00"), Page(), place="x", line=Line(online=False))
    assert [r.name for r in state.ranks] == ["public r-1"]
    assert state.offline
    replica.close()


def test_the_month_on_notice_is_beside_every_ranking_and_on_its_own_page(drawn: Picture) -> None:
    rows = [notice("2026-09", deeds=1), notice(), standing("r-1", 30)]
    for tab in (Tab.RESIDENT, Tab.NOTICE):
        state = drawn(*rows, tab=tab)
        assert state.tab is tab
        assert state.notice is not None
        assert (state.notice.month, state.notice.deeds) == ("2026-10", 1286)
        assert state.notice.top == (Placed(Tab.RESIDENT, 1, "王*芳", 188),)
    assert state.ranks == ()


def test_a_sealed_month_is_shown_for_a_week(drawn: Picture) -> None:
    sealed = notice(sealed_at=at("00:00"))
    week = dt.timedelta(days=7)
    last = drawn(sealed, now=at("00:00") + week - dt.timedelta(seconds=1))
    assert last.notice is not None
    assert last.notice.is_sealed
    after = drawn(sealed, now=at("00:00") + week, tab=Tab.NOTICE)
    assert (after.notice, after.tab) == (None, Tab.RESIDENT)


def test_a_story_has_its_own_page(drawn: Picture) -> None:
    state = drawn(story("s-1", at("08:00")), story("s-2", at("08:01")), tab=Tab.STORY, item="s-1")
    assert state.tale is not None
    assert (state.tale.id, state.tale.name, state.tale.honour) == ("s-1", "王*芳", "neighbour")
    assert (state.tab, state.ranks) == (Tab.STORY, ())


def test_a_story_that_was_taken_off_gives_way_at_once(drawn: Picture) -> None:
    gone = story("s-1", at("08:00"), shown=False, title="", text="", name="")
    state = drawn(gone, standing("r-1", 30), tab=Tab.STORY, item="s-1")
    assert (state.tab, state.tale) == (Tab.RESIDENT, None)
    assert [r.account for r in state.ranks] == ["r-1"]


def test_the_board_turns_through_the_newest_stories(tmp_path: Path) -> None:
    rows: list[Row] = [story(f"s-{n}", at(f"08:{n:02d}")) for n in range(STORIES + 2)]
    replica = loaded_replica(tmp_path / "board.db", rows)
    assert stories_shown(replica) == tuple(f"s-{n}" for n in range(STORIES + 1, 1, -1))
    assert notice_shown(replica, at("09:00")) is None
    replica.close()


def test_a_ranking_is_of_its_period(drawn: Picture) -> None:
    rows = [
        standing("r-1", 30),
        standing("r-2", 9, period="2026-W48"),
        standing("r-3", 7, period="2026"),
    ]
    ranked = {per: [r.account for r in drawn(*rows, per=per).ranks] for per in ("week", "year")}
    assert ranked == {"week": ["r-2"], "year": ["r-3"]}


def test_buildings_are_ranked_by_what_their_people_have_together(drawn: Picture) -> None:
    state = drawn(
        OrgRow(id="b-1", parent="s-1", level="building", name="1号楼"),
        OrgRow(id="b-2", parent="s-1", level="building", name="2号楼"),
        OrgRow(id="s-1", parent=None, level="community", name="阳光社区"),
        standing("r-1", 30, posted=10),
        standing("c-1", 5, Kind.CADRE),
        standing("r-2", 50, building="b-2"),
        standing("u-1", 500, Kind.UNIT, building="s-1"),
        tab=Tab.BUILDING,
    )
    shown = [(r.name, r.rank, r.posted, r.pending, r.people) for r in state.ranks]
    assert shown == [("2号楼", 1, 0, 50, 1), ("1号楼", 2, 10, 25, 2)]
    assert state.participants == 2


def test_a_page_of_deeds_has_the_ranking_beside_it(drawn: Picture) -> None:
    state = drawn(moment("m-1", at("08:00")), standing("r-1", 30), tab=Tab.DEEDS)
    assert ([d.id for d in state.deeds], [r.account for r in state.first]) == (["m-1"], ["r-1"])


def test_goods_are_shown_while_a_window_is_open(drawn: Picture) -> None:
    rows = [
        ware("rice", left=2),
        ware("rice", "north", left=3),
        ware("oil", left=0),
        ware("mend", kind="service", left=None, points=5),
        ware("bread", "", kind="voucher", merchant="bakery", left=None),
        window(at("08:00"), at("18:00")),
    ]
    state = drawn(*rows, tab=Tab.SHOP)
    assert state.shop is not None
    assert [(one.id, one.left) for one in state.shop.items] == [
        ("rice", 5),
        ("mend", None),
        ("bread", None),
    ]
    assert drawn(*rows, tab=Tab.SHOP, now=at("18:00")).tab is Tab.RESIDENT


def test_a_long_shop_is_cut_into_even_parts(drawn: Picture) -> None:
    rows = [*(ware(f"w-{n}") for n in range(7)), window(at("08:00"), at("18:00"))]
    parts = [drawn(*rows, tab=Tab.SHOP, item=item).shop for item in ("0", "1", "9")]
    assert [(p.part, p.parts, len(p.items)) for p in parts if p] == [
        (1, 2, 4),
        (2, 2, 3),
        (2, 2, 3),
    ]


def test_changes_of_the_standard_are_shown_until_two_weeks_after_their_day(drawn: Picture) -> None:
    row = change_of_standard(DAY, (10, 15), (None, 5), (20, None))
    state = drawn(row, tab=Tab.STANDARD)
    assert state.alterations is not None
    assert [(one.old, one.new) for one in state.alterations.items] == [
        (10, 15),
        (None, 5),
        (20, None),
    ]
    late = at("09:00") + dt.timedelta(days=15)
    assert drawn(row, tab=Tab.STANDARD, now=late).tab is Tab.RESIDENT


def test_tomorrow_has_its_own_page(drawn: Picture) -> None:
    day = dt.timedelta(days=1)
    row = activity("a", "08:00-09:00", starts_at=at("08:00") + day, ends_at=at("09:00") + day)
    assert [c.title for c in drawn(row, tab=Tab.TOMORROW).tomorrow] == ["title of a"]
    assert drawn(tab=Tab.TOMORROW).tab is Tab.RESIDENT


def test_an_urgent_message_is_over_every_page_until_its_end_and_is_never_dimmed(
    drawn: Picture,
) -> None:
    row = urgent("停水", at("22:30"), at("23:00"))
    during, after = (drawn(row, now=at(clock)) for clock in ("22:59", "23:00"))
    assert during.urgent is not None
    assert (during.urgent.text, during.darkness) == ("停水", 0.0)
    assert (after.urgent, after.darkness) == (None, 0.6)


def test_a_round_is_of_what_there_is_and_what_staff_want(tmp_path: Path) -> None:
    rows: list[Row] = [
        standing("r-1", 30),
        story("s-1", at("08:00")),
        notice(),
        moment("m", at("08:00")),
    ]
    replica = loaded_replica(tmp_path / "board.db", [*rows, plan("resident", "story", "shop")])
    steps = steps_of(replica, at("09:00"))
    assert [step.pages for step in steps] == [
        (Page(Tab.RESIDENT, "month"),),
        (Page(Tab.STORY, item="s-1"),),
    ]
    replica.close()
