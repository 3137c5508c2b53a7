"""A story is written by one, approved by another, and on the board while its person agrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import IntegrityError

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.erasing import erase
from linli.ledger.people.merging import merge
from linli.ledger.schema import candidate, holder, story
from linli.ledger.stories.checks import StoryError, checked_text
from linli.ledger.stories.reading import State, read_story, stories
from linli.ledger.stories.writing import Draft, approve, take_down, write
from linli.sync.messages import Row, StoryRow, Stream
from tests.unit.ledger.village import Village

Told = Callable[[Engine, str, Stream], list[Row]]
HONOUR = "2026-village-001"
WORDS = Draft("三楼的灯", "她每天替三楼的老人看灯，风雨无阻。", account="a1")


@pytest.fixture
def village(village: Village) -> Village:
    """a2 was chosen as a good neighbour of 2026."""
    with village.engine.begin() as connection:
        connection.execute(
            insert(candidate).values(
                scope="village",
                year="2026",
                title="neighbour",
                account="a2",
                rank=1,
                points=10,
                proposed_at=village.now,
                chosen_at=village.now,
                number=HONOUR,
            )
        )
    return village


@pytest.fixture
def board(village: Village, told: Told) -> Callable[[], dict[str, StoryRow]]:
    """What a board has that followed every change; a snapshot says the same of what is shown."""

    def rows() -> dict[str, StoryRow]:
        public = told(village.engine, "village", Stream.CHANGES)
        found = {row.id: row for row in public if isinstance(row, StoryRow)}
        with reading(village.engine) as connection:
            whole = snapshot(connection, "village", Stream.CHANGES, village.now)
        given = {row.id: row for row in whole.rows if isinstance(row, StoryRow)}
        assert given == {id_: row for id_, row in found.items() if row.shown}
        return found

    return rows


Board = Callable[[], dict[str, StoryRow]]


def written(village: Village, draft: Draft = WORDS, by: str = "小李") -> int:
    with village.engine.begin() as connection:
        return write(connection, "village", draft, by, village.now)


def approved(village: Village, number: int, by: str = "王书记") -> bool:
    with village.engine.begin() as connection:
        return approve(connection, number, by, village.now)


def taken_down(village: Village, number: int, why: str = "本人要求") -> bool:
    with village.engine.begin() as connection:
        return take_down(connection, number, "小李", why, village.now)


def agreed(village: Village, account: str, yes: bool) -> bool:
    with village.engine.begin() as connection:
        return set_consent(connection, account, village.now, agreed=yes)


def test_what_is_written_waits_for_another(village: Village, board: Board) -> None:
    number = written(village)
    assert board() == {}
    with pytest.raises(StoryError, match="another member of staff approves it"):
        approved(village, number, by="小李")
    assert approved(village, number)
    row = board()[str(number)]
    assert (row.title, row.text, row.name) == (WORDS.title, WORDS.text, "张*1")
    assert (row.shown, row.honour, row.at) == (True, "", village.now)
    assert verify(village.engine) is None


def test_an_honour_has_its_story(village: Village, board: Board) -> None:
    number = written(village, Draft("好邻居", "谁家有事他都在。", certificate=HONOUR))
    approved(village, number)
    row = board()[str(number)]
    assert (row.name, row.honour, row.year) == ("张*2", "neighbour", "2026")


def test_an_honour_has_one_story_at_a_time(village: Village) -> None:
    first = written(village, Draft("好邻居", "谁家有事他都在。", certificate=HONOUR))
    second = Draft("好邻居", "他总是第一个到。", certificate=HONOUR)
    with pytest.raises(StoryError, match=f"story {first} tells of {HONOUR} already"):
        written(village, second)
    taken_down(village, first)
    assert written(village, second) != first


def test_a_sharing_session_has_a_story_of_nobody_in_particular(
    village: Village, board: Board
) -> None:
    number = written(village, Draft("分享会", "大家讲了一晚上。", activity="story"))
    approved(village, number)
    assert board()[str(number)].name == ""


def test_approving_twice_is_approving_once(village: Village, board: Board) -> None:
    number = written(village)
    assert approved(village, number)
    assert not approved(village, number)
    with pytest.raises(StoryError, match="approved by 王书记 already"):
        approved(village, number, by="老赵")


def test_the_same_words_twice_are_one_story_while_they_wait(village: Village) -> None:
    first = written(village)
    assert written(village) == first
    approved(village, first)
    assert written(village) != first


def test_without_consent_there_is_no_story_about_somebody(village: Village, board: Board) -> None:
    number = written(village)
    agreed(village, "a1", False)
    with pytest.raises(StoryError, match="a1 has not agreed"):
        approved(village, number)
    assert board() == {}


def test_consent_taken_back_takes_the_story_off_and_given_again_puts_it_back(
    village: Village, board: Board
) -> None:
    number = str(written(village))
    approved(village, int(number))
    assert agreed(village, "a1", False)
    assert not agreed(village, "a1", False)
    row = board()[number]
    assert (row.shown, row.title, row.text, row.name) == (False, "", "", "")
    assert agreed(village, "a1", True)
    assert board()[number].text == WORDS.text


def test_consent_is_taken_back_under_all_numbers_of_a_person(
    village: Village, board: Board
) -> None:
    number = str(written(village))
    approved(village, int(number))
    with village.engine.begin() as connection:
        merge(connection, "a1", "a3", village.now)
    agreed(village, "a3", False)
    assert not board()[number].shown


def test_a_child_is_never_named(village: Village, board: Board) -> None:
    with village.engine.begin() as connection:
        connection.execute(update(holder).where(holder.c.account == "a1").values(under14=True))
    number = written(village)
    approved(village, number)
    assert board()[str(number)].name == "热心邻居0001"


def test_who_is_forgotten_leaves_no_words_behind(village: Village, board: Board) -> None:
    number = written(village)
    approved(village, number)
    waiting = written(village, Draft("又一件", "她还送过饭。", account="a1"))
    with village.engine.begin() as connection:
        erase(connection, "a1", Staff("李主任", "clerk"), "本人申请", village.now)
    assert {(row.title, row.text) for row in village.rows(story)} == {("", "")}
    assert not board()[str(number)].shown
    with pytest.raises(StoryError, match="was forgotten"):
        approved(village, waiting)
    with village.engine.begin() as connection, pytest.raises(PeopleError, match="was erased"):
        set_consent(connection, "a1", village.now, agreed=True)
    assert verify(village.engine) is None


def test_a_story_is_taken_down_for_good(village: Village, board: Board) -> None:
    number = written(village)
    approved(village, number)
    assert taken_down(village, number)
    assert not taken_down(village, number)
    row = board()[str(number)]
    assert (row.shown, row.text) == (False, "")
    with pytest.raises(StoryError, match="was taken down"):
        approved(village, number)


def test_one_that_was_never_shown_may_be_taken_down_too(village: Village, board: Board) -> None:
    number = written(village)
    assert taken_down(village, number)
    assert not board()[str(number)].shown


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (Draft("", "一"), "the title has"),
        (Draft("长" * 25, "一"), "the title has"),
        (Draft("题", " \n "), "the text has"),
        (Draft("题", "长" * 181), "the text has"),
        (Draft("题", "一\u202e二"), "control characters"),
        (Draft("题", "一\x00二"), "control characters"),
        (Draft("题", "请拨 138 0000 1234"), "identity numbers"),
        (Draft("题", "证号１１０１０１１９９００１"), "identity numbers"),
        (Draft("题", "一", account="nobody"), "is nobody of village"),
        (Draft("题", "一", certificate="2026-village-009"), "has given no honour"),
        (Draft("题", "一", account="a1", certificate=HONOUR), "is not a1's"),
        (Draft("题", "一", activity="nothing"), "is no activity of village"),
    ],
)
def test_a_story_that_cannot_be_taken_says_why(village: Village, draft: Draft, says: str) -> None:
    with pytest.raises(StoryError, match=says):
        written(village, draft)
    assert village.rows(story) == []


def test_only_a_community_has_stories(village: Village) -> None:
    with village.engine.begin() as connection, pytest.raises(StoryError, match="no community"):
        write(connection, "street", WORDS, "小李", village.now)


def test_there_is_nothing_to_approve_of_a_story_that_is_not_there(village: Village) -> None:
    with pytest.raises(StoryError, match="no story 9"):
        approved(village, 9)


def test_blanks_and_lines_become_single_blanks() -> None:
    assert checked_text("  风雨\n\t无阻 😀 𠅤 ") == "风雨 无阻 😀 𠅤"


def test_staff_find_stories_by_where_they_are_on_their_way(village: Village) -> None:
    waiting = written(village)
    shown = written(village, Draft("二", "二"))
    down = written(village, Draft("三", "三"))
    approved(village, shown)
    taken_down(village, down)
    with reading(village.engine) as connection:
        by_state = {s: [x.number for x in stories(connection, "village", s)] for s in State}
        everything = [one.number for one in stories(connection, "village")]
        assert read_story(connection, 99) is None
    assert by_state == {State.WAITING: [waiting], State.SHOWN: [shown], State.DOWN: [down]}
    assert everything == [down, shown, waiting]


@pytest.mark.parametrize(
    "change",
    [
        {"approved_by": "小李", "approved_at": "now"},
        {"approved_by": "王书记"},
        {"taken_down_by": "小李", "taken_down_at": "now"},
    ],
)
def test_the_database_itself_refuses_half_an_approval(
    village: Village, change: dict[str, Any]
) -> None:
    written(village)
    values = {name: village.now if value == "now" else value for name, value in change.items()}
    with pytest.raises(IntegrityError), village.engine.begin() as connection:
        connection.execute(update(story).values(**values))
