"""Which page of the board follows which."""

from __future__ import annotations

import datetime as dt

from doubles.centre import at, plan
from hypothesis import given
from hypothesis import strategies as st

from linli.board.plan import DEFAULT, darkness, pages_at, within
from linli.board.state import RANKINGS, Tab
from linli.board.turning import Page, Place, Shown, Step, following, page_at, rotation
from linli.sync.messages import BoardPage, BoardPlanRow

NOON = at("12:00")
OTHERS = tuple(tab for tab in Tab if tab not in RANKINGS)
RANKED = frozenset((tab, per) for tab in RANKINGS for per in ("week", "month", "year"))
EVERYTHING = Shown(RANKED, dict.fromkeys(OTHERS, ("0",)))


def turned(steps: tuple[Step, ...], times: int) -> list[Page]:
    place, pages = Place(), []
    for _ in range(times):
        pages.append(page_at(steps, place)[0])
        place = following(steps, place)
    return pages


def test_with_nothing_else_to_show_the_rankings_take_turns() -> None:
    shown = Shown(frozenset((tab, "month") for tab in RANKINGS), {})
    tabs = [page.tab for page in turned(rotation(DEFAULT, shown, NOON), 5)]
    assert tabs == [*RANKINGS, Tab.RESIDENT]


def test_with_nobody_in_any_ranking_the_first_invites_people() -> None:
    steps = rotation(DEFAULT, Shown(frozenset(), {}), NOON)
    assert [step.pages for step in steps] == [(Page(Tab.RESIDENT, "month"),)]


def test_every_second_page_is_a_live_ranking() -> None:
    pages = turned(rotation(DEFAULT, EVERYTHING, NOON), 40)
    assert all(page.tab in RANKINGS and page.per == "month" for page in pages[::2])


def test_each_round_shows_the_next_story() -> None:
    shown = Shown(RANKED, {Tab.STORY: ("3", "2", "1")})
    steps = rotation(plan("resident", "story"), shown, NOON)
    assert [page.item for page in turned(steps, 8) if page.tab is Tab.STORY] == ["3", "2", "1", "3"]


def test_a_page_runs_in_its_hours_only() -> None:
    wanted = plan("resident", "shop 08:00-18:00", "story 20:00-02:00")
    at_noon, at_one = (set(pages_at(wanted, at(clock))) for clock in ("12:00", "01:00"))
    assert at_noon == {Tab.RESIDENT, Tab.SHOP}
    assert at_one == {Tab.RESIDENT, Tab.STORY}


def test_a_page_that_this_board_does_not_know_is_left_out() -> None:
    assert set(pages_at(plan("resident", "weather"), NOON)) == {Tab.RESIDENT}


def test_staff_choose_which_pages_run_and_in_which_order() -> None:
    wanted = plan("unit", "story", "notice", periods=["week"])
    pages = turned(rotation(wanted, EVERYTHING, NOON), 4)
    assert [(page.tab, page.per) for page in pages[::2]] == [(Tab.UNIT, "week")] * 2
    assert [page.tab for page in pages[1::2]] == [Tab.STORY, Tab.NOTICE]


def test_the_night_is_darker_over_midnight() -> None:
    clocks = {clock: darkness(DEFAULT, at(clock)) for clock in ("21:59", "22:00", "05:59", "06:00")}
    assert clocks == {"21:59": 0.0, "22:00": 0.6, "05:59": 0.6, "06:00": 0.0}


def test_where_both_ends_are_alike_it_is_never_dark() -> None:
    wanted = plan("resident", dim_from="00:00", dim_until="00:00")
    assert darkness(wanted, at("00:00")) == 0.0


def test_hours_are_those_of_the_town() -> None:
    utc = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)
    assert darkness(DEFAULT, utc) == 0.6
    assert within("00:00", "24:00", "23:59")


def test_a_round_that_became_shorter_goes_on() -> None:
    steps = rotation(plan("resident"), EVERYTHING, NOON)
    assert page_at(steps, Place(17, 5))[0] == Page(Tab.RESIDENT, "month")
    assert following(steps, Place(17, 5)) == Place(0, 6)


pages = st.builds(
    BoardPage,
    page=st.sampled_from([*Tab, "weather"]),
    seconds=st.integers(5, 60),
    first=st.sampled_from(["00:00", "08:00", "20:00"]),
    last=st.sampled_from(["00:00", "12:00", "24:00"]),
)
plans = st.builds(
    BoardPlanRow,
    pages=st.lists(pages, max_size=12, unique_by=lambda one: one.page),
    periods=st.lists(st.sampled_from(["week", "month", "year"]), unique=True, max_size=3),
    dim_from=st.just("22:00"),
    dim_until=st.just("06:00"),
    dim_percent=st.just(60),
)
shown_things = st.builds(
    Shown,
    st.frozensets(st.sampled_from(sorted(RANKED))),
    st.dictionaries(
        st.sampled_from(OTHERS), st.lists(st.sampled_from("1234"), unique=True).map(tuple)
    ),
)


@given(plans, shown_things, st.integers(0, 23))
def test_every_round_shows_everything_there_is_and_nothing_else(
    wanted: BoardPlanRow, shown: Shown, hour: int
) -> None:
    now = NOON.replace(hour=hour)
    steps = rotation(wanted, shown, now)
    on = pages_at(wanted, now)
    seen = {(page.tab, page.per) for step in steps for page in step.pages if page.tab in RANKINGS}
    there = {
        (t, per) for t, per in shown.rankings if t in on and per in (wanted.periods or ["month"])
    }
    assert there <= seen
    # More than what is there only where nothing live is: the ranking that invites people.
    assert len(seen - there) <= 1
    others = {page.tab for step in steps for page in step.pages} - set(RANKINGS)
    assert others == {tab for tab, items in shown.items.items() if items and tab in on}
    assert all(step.pages[0].tab in RANKINGS for step in steps[::2] if step in steps[:1])
