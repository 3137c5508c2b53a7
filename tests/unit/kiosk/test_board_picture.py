"""The board's picture: ranking, what just happened, what comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.centre import (
    activity,
    at,
    holder,
    loaded_replica,
    moment,
    notice,
    snapshots,
    standing,
    story,
)

from linli.kiosk.board.picture import (
    COMING,
    LATEST,
    STORIES,
    TOP,
    notice_shown,
    picture,
    stories_shown,
)
from linli.kiosk.board.state import BoardState, Placed, Tab
from linli.kiosk.board.turning import Page
from linli.sync.messages import Kind, Row, Stream
from linli.sync.replica import Replica

Picture = Callable[..., BoardState]


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Picture]:
    opened: list[Replica] = []

    def drawn(
        *rows: Row, now: dt.datetime | None = None, tab: Tab = Tab.RESIDENT, story: str = ""
    ) -> BoardState:
        opened.append(loaded_replica(tmp_path / f"board-{len(opened)}.db", list(rows)))
        page = Page(tab, story)
        return picture(
            opened[-1], now or at("09:00"), page, place="阳光社区", online=True, updated_at=None
        )

    yield drawn
    for replica in opened:
        replica.close()


def test_an_empty_replica_is_an_empty_picture(drawn: Picture) -> None:
    state = drawn()
    assert (state.ranks, state.latest, state.coming, state.participants) == ((), (), (), 0)
    assert (state.month, state.record, state.offline) == ("2026-11", 1, False)


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
    state = picture(replica, at("09:00"), Page(), place="x", online=False, updated_at=None)
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
    state = drawn(story("s-1", at("08:00")), story("s-2", at("08:01")), tab=Tab.STORY, story="s-1")
    assert state.tale is not None
    assert (state.tale.id, state.tale.name, state.tale.honour) == ("s-1", "王*芳", "neighbour")
    assert (state.tab, state.ranks) == (Tab.STORY, ())


def test_a_story_that_was_taken_off_gives_way_at_once(drawn: Picture) -> None:
    gone = story("s-1", at("08:00"), shown=False, title="", text="", name="")
    state = drawn(gone, standing("r-1", 30), tab=Tab.STORY, story="s-1")
    assert (state.tab, state.tale) == (Tab.RESIDENT, None)
    assert [r.account for r in state.ranks] == ["r-1"]


def test_the_board_turns_through_the_newest_stories(tmp_path: Path) -> None:
    rows: list[Row] = [story(f"s-{n}", at(f"08:{n:02d}")) for n in range(STORIES + 2)]
    replica = loaded_replica(tmp_path / "board.db", rows)
    assert stories_shown(replica) == tuple(f"s-{n}" for n in range(STORIES + 1, 1, -1))
    assert notice_shown(replica, at("09:00")) is None
    replica.close()
