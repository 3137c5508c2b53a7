"""Which page of the board follows which."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.board.state import RANKINGS, Tab
from linli.kiosk.board.turning import NOTICE_S, RANKING_S, STORY_S, Page, following


def turned(page: Page, times: int, *, notice: bool, stories: tuple[str, ...]) -> list[Page]:
    pages = []
    for _ in range(times):
        page = following(page, notice=notice, stories=stories)
        pages.append(page)
    return pages


def test_with_nothing_else_to_show_the_rankings_take_turns() -> None:
    pages = turned(Page(), 4, notice=False, stories=())
    assert [page.tab for page in pages] == [Tab.CADRE, Tab.UNIT, Tab.RESIDENT, Tab.CADRE]


def test_a_notice_and_one_story_end_each_round_and_the_next_story_comes_in_the_next() -> None:
    pages = turned(Page(), 15, notice=True, stories=("3", "2", "1"))
    assert [page.tab for page in pages[2:5]] == [Tab.NOTICE, Tab.STORY, Tab.RESIDENT]
    assert [page.story for page in pages if page.tab is Tab.STORY] == ["3", "2", "1"]
    again = turned(pages[-1], 5, notice=True, stories=("3", "2", "1"))
    assert [page.story for page in again if page.tab is Tab.STORY] == ["3"]


def test_a_story_that_went_meanwhile_begins_the_stories_anew() -> None:
    page = following(Page(Tab.UNIT, "2"), notice=False, stories=("4", "3"))
    assert page == Page(Tab.STORY, "4")


def test_a_notice_that_was_taken_down_leads_on() -> None:
    assert following(Page(Tab.NOTICE), notice=False, stories=()).tab is Tab.RESIDENT


def test_what_is_read_stays_longer_than_what_is_seen() -> None:
    assert Page(Tab.CADRE).seconds == RANKING_S
    assert RANKING_S < Page(Tab.NOTICE).seconds == NOTICE_S < Page(Tab.STORY).seconds == STORY_S


@given(
    st.builds(Page, st.sampled_from(Tab), st.sampled_from(["", "1", "2", "9"])),
    st.booleans(),
    st.lists(st.sampled_from("123456"), unique=True, max_size=6).map(tuple),
)
def test_every_round_shows_everything_there_is(
    page: Page, notice: bool, stories: tuple[str, ...]
) -> None:
    round_ = {*RANKINGS} | ({Tab.NOTICE} if notice else set()) | ({Tab.STORY} if stories else set())
    pages = turned(page, len(round_), notice=notice, stories=stories)
    assert {shown.tab for shown in pages} == round_
    assert all(shown.story in stories for shown in pages if shown.tab is Tab.STORY)
