"""Results are counted without names, and never tell what a few people said."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.documents.model import Survey, Unshown
from linli.ledger.standard.changes import Change, Field
from linli.ledger.standard.drafting import draft, put_change
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.publishing import publish
from linli.ledger.standard.sets import ChangeSet, read_set
from linli.ledger.standard.sheet import adjustment_sheet
from linli.ledger.surveys.beside import Beside, beside
from linli.ledger.surveys.questions import Answer, Kind, Question
from linli.ledger.surveys.tallying import FEWEST, Tally, broken_out, hidden_groups, tally
from tests.unit.ledger.surveys.conftest import (
    AFTER,
    WHAT,
    WHEN,
    WORDS,
    WORTH_MORE,
    Asking,
    about,
)
from tests.unit.ledger.village import PEOPLE

RAISED = Change("B05", Field.POINTS, 20, 25)


# --- counting --------------------------------------------------------------------------------


def test_a_scale_is_counted_step_by_step() -> None:
    assert tally(WORTH_MORE, [5, 5, 4, 1, 3, 5]) == Tally(6, (1, 0, 1, 1, 3))


def test_of_several_choices_each_counts() -> None:
    assert tally(WHAT, [[0, 1], [1], [1, 2], [0], [1]]) == Tally(5, (2, 4, 1))


def test_words_come_in_the_order_of_the_alphabet_not_of_who_wrote_first() -> None:
    assert tally(WORDS, ["e", "b", "d", "a", "c"]).words == ("a", "b", "c", "d", "e")


@pytest.mark.parametrize("question", [WORTH_MORE, WHEN])
def test_of_fewer_than_five_answers_only_the_number_is_told(question: Question) -> None:
    assert tally(question, [1, 1, 1, 1]) == Tally(4)
    assert tally(question, [1, 1, 1, 1, 1]).counts is not None


def test_of_a_few_words_none_is_told() -> None:
    assert tally(WORDS, ["a", "b", "c", "d"]).words == ()


def test_a_small_group_is_not_broken_out() -> None:
    found = broken_out(WHEN, {"resident": [0] * 8, "cadre": [1] * 6, "unit": [1] * 5})
    assert all(one.counts for one in found.values())
    found = broken_out(WHEN, {"resident": [0] * 8, "cadre": [1] * 3, "unit": [1] * 2})
    assert {name for name, one in found.items() if one.counts} == {"resident"}


def test_a_small_group_cannot_be_found_by_taking_the_others_from_all() -> None:
    found = broken_out(WHEN, {"resident": [0] * 8, "cadre": [1] * 6, "unit": [1] * 2})
    assert {name for name, one in found.items() if one.counts} == {"resident"}
    assert {name: one.answered for name, one in found.items()} == {
        "resident": 8,
        "cadre": 6,
        "unit": 2,
    }


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 20)))
def test_what_is_not_broken_out_is_nobody_or_five_at_least_or_everybody(
    sizes: dict[str, int],
) -> None:
    hidden = hidden_groups(sizes)
    together = sum(sizes[name] for name in hidden)
    assert all(sizes[name] >= FEWEST for name in sizes.keys() - hidden)
    assert together == 0 or together >= FEWEST or hidden == sizes.keys()


# --- a survey's results ----------------------------------------------------------------------


def everybody(asking: Asking, answers: dict[int, Answer], people: tuple[str, ...] = PEOPLE) -> None:
    for account in people:
        asking.answer(account, answers)


def test_until_it_closes_only_the_number_of_people_is_told(asking: Asking) -> None:
    everybody(asking, {1: 5})
    found = asking.results(asking.now)
    assert (found.people, found.questions) == (6, {})


def test_each_question_is_counted_by_those_who_answered_it(asking: Asking) -> None:
    everybody(asking, {1: 5, 2: 0})
    asking.answer("a6", {1: 1})
    found = asking.results().questions
    assert found[1].all == Tally(6, (1, 0, 0, 0, 5))
    assert found[2].all == Tally(5, (5, 0))
    assert found[3].all == Tally(0)
    assert found[1].by_kind == {"resident": Tally(6, (1, 0, 0, 0, 5))}
    assert found[1].by_community == {"阳光社区": Tally(6, (1, 0, 0, 0, 5))}


# --- beside a change -------------------------------------------------------------------------


def change_set(asking: Asking, *changes: Change, on: dt.date = dt.date(2026, 12, 10)) -> ChangeSet:
    with asking.engine.begin() as connection:
        id_ = draft(connection, "2026-12", on, "王主任", AFTER)
        for change in changes or (RAISED,):
            put_change(connection, id_, change, "夜间值守多")
        return read_set(connection, id_)


def published(asking: Asking, of: ChangeSet) -> None:
    with asking.engine.begin() as connection:
        publish(connection, of.id, of.seen, "李书记", AFTER)


def said(asking: Asking, of: ChangeSet, now: dt.datetime = AFTER) -> dict[str, Beside]:
    with asking.engine.connect() as connection:
        return beside(connection, of, now)


def test_beside_a_change_stands_what_was_said_of_its_item(asking: Asking) -> None:
    everybody(asking, {1: 4})
    asking.answer("a1", {1: 2})
    of = change_set(asking, RAISED, Change("B01", Field.POINTS, 10, 15))
    found = said(asking, of)
    assert found.keys() == {"B05"}
    assert found["B05"].opinion == Tally(6, (0, 1, 0, 5, 0))
    assert [(s.id, a.question) for s, a in found["B05"].questions] == [(asking.id, WORTH_MORE)]


def test_a_survey_that_is_still_open_says_nothing_yet(asking: Asking) -> None:
    everybody(asking, {1: 4})
    assert said(asking, change_set(asking), asking.now) == {}


def test_who_was_asked_twice_has_one_voice_the_last(asking: Asking) -> None:
    again = asking.open(about([Question(Kind.SCALE, "再问一次", item="B05")], scope="street"))
    everybody(asking, {1: 1})
    asking.now += dt.timedelta(minutes=1)
    for account in PEOPLE[:5]:
        asking.answer(account, {1: 5}, again)
    opinion = said(asking, change_set(asking))["B05"].opinion
    assert opinion == Tally(6, (1, 0, 0, 0, 5))


def test_what_was_asked_before_the_item_changed_last_is_not_shown(asking: Asking) -> None:
    everybody(asking, {1: 4})
    published(asking, change_set(asking))
    later = change_set(asking, Change("B05", Field.POINTS, 25, 30), on=dt.date(2026, 12, 20))
    assert said(asking, later) == {}


def sheet(asking: Asking, of: ChangeSet) -> Survey | Unshown | None:
    published(asking, of)
    with asking.engine.connect() as connection:
        (change,) = adjustment_sheet(connection, of.id, "village", "阳光社区", AFTER).changes
    return change.survey


def test_the_sheet_says_who_is_for_it_and_who_against(asking: Asking) -> None:
    for account, step in zip(PEOPLE, (1, 2, 3, 4, 5, 5), strict=True):
        asking.answer(account, {1: step})
    assert sheet(asking, change_set(asking)) == Survey(agree=3, neutral=1, oppose=2)


def test_the_sheet_tells_only_the_number_of_a_few(asking: Asking) -> None:
    everybody(asking, {1: 4}, PEOPLE[:4])
    assert sheet(asking, change_set(asking)) == Unshown(4, few=True)


def test_the_sheet_tells_that_there_is_more_than_for_and_against(asking: Asking) -> None:
    choice = Question(Kind.SINGLE, "哪项该加分？", ("值守", "巡逻"), item="B01")
    asking.id = asking.open(about([choice]))
    everybody(asking, {1: 0})
    of = change_set(asking, Change("B01", Field.POINTS, 10, 15))
    assert sheet(asking, of) == Unshown(6, few=False)


def test_a_change_that_nobody_was_asked_about_has_nothing_beside_it(asking: Asking) -> None:
    assert sheet(asking, change_set(asking, Change("B01", Field.POINTS, 10, 15))) is None


def test_a_draft_has_no_sheet(asking: Asking) -> None:
    of = change_set(asking)
    with asking.engine.connect() as connection, pytest.raises(AdjustError) as refused:
        adjustment_sheet(connection, of.id, "village", "阳光社区", AFTER)
    assert refused.value.fault is Fault.NOT_PUBLISHED
