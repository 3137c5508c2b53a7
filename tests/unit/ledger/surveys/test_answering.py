"""Everybody who is asked answers once, and may think again until the survey closes."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import NewHolder, NewOrg
from linli.ledger.people.erasing import erase
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.surveys.answering import answer, reply_of
from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.making import make
from linli.ledger.surveys.questions import Answer
from linli.sync.messages import Kind
from tests.unit.ledger.surveys.conftest import AFTER, Asking, about

ALL: dict[int, Answer] = {1: 5, 2: 1, 3: [0, 2], 4: "夜里人少"}


def said(asking: Asking, account: str) -> dict[int, Answer]:
    with asking.engine.connect() as connection:
        return reply_of(connection, asking.id, account)


def fault(asking: Asking, account: str, answers: dict[int, Answer] = ALL) -> Fault:
    with pytest.raises(SurveyError) as refused:
        asking.answer(account, answers)
    return refused.value.fault


def test_answers_are_kept(asking: Asking) -> None:
    asking.answer("a1", ALL)
    assert said(asking, "a1") == ALL
    assert said(asking, "a2") == {}


def test_the_last_answers_replace_those_before(asking: Asking) -> None:
    asking.answer("a1", ALL)
    asking.answer("a1", {1: 2})
    assert said(asking, "a1") == {1: 2}
    assert asking.results().people == 1


def test_a_question_can_be_left_out_but_not_all(asking: Asking) -> None:
    asking.answer("a1", {2: 0})
    assert fault(asking, "a1", {}) is Fault.NO_ANSWER
    assert said(asking, "a1") == {2: 0}


@pytest.mark.parametrize(
    "answers",
    [
        {1: 0},
        {1: 6},
        {1: True},
        {1: "5"},
        {2: 2},
        {2: -1},
        {3: []},
        {3: [3]},
        {3: 1},
        {4: ""},
        {4: "字" * 301},
        {4: "响\x07铃"},
        {4: 1},
        {5: 1},
    ],
)
def test_what_is_no_answer_is_refused(asking: Asking, answers: dict[int, Answer]) -> None:
    assert fault(asking, "a1", answers) is Fault.BAD_ANSWER
    assert said(asking, "a1") == {}


def test_words_are_kept_line_by_line_without_the_space_around(asking: Asking) -> None:
    asking.answer("a1", {4: " 夜里\r\n人少 "})
    assert said(asking, "a1") == {4: "夜里\n人少"}


def test_nobody_answers_before_the_first_day_or_after_the_last(asking: Asking) -> None:
    asking.now = dt.datetime.combine(dt.date(2026, 11, 19), dt.time(23), AFTER.tzinfo)
    assert fault(asking, "a1") is Fault.NOT_YET
    asking.now = AFTER
    assert fault(asking, "a1") is Fault.CLOSED


def test_nobody_answers_a_survey_that_was_not_opened(asking: Asking) -> None:
    with asking.engine.begin() as connection:
        id_ = make(connection, about(), "王主任", asking.now)
        with pytest.raises(SurveyError) as refused:
            answer(connection, id_, "a1", ALL, asking.now)
    assert refused.value.fault is Fault.NOT_YET


def test_only_people_of_the_place_are_asked(asking: Asking) -> None:
    with asking.engine.begin() as connection:
        orgs = [NewOrg("lake", "street", "community", "湖畔社区")]
        add_orgs(connection, [*orgs, NewOrg("l1", "lake", "building", "1号楼")], asking.now)
        other = NewHolder("b1", "周远", Kind.RESIDENT, "l1", consent=True, under14=False)
        enrol(connection, [other], asking.now)
    assert fault(asking, "b1") is Fault.NOT_ASKED
    assert fault(asking, "nobody") is Fault.NOT_ASKED
    of_street = asking.open(about(scope="street"))
    asking.answer("b1", ALL, of_street)


def test_whoever_left_is_not_asked(asking: Asking) -> None:
    with asking.engine.begin() as connection:
        leave(connection, "a1", asking.now)
    assert fault(asking, "a1") is Fault.NOT_ASKED


def test_two_accounts_of_one_person_count_once_by_the_last_word(asking: Asking) -> None:
    asking.answer("a1", {1: 5})
    asking.now += dt.timedelta(minutes=1)
    asking.answer("a2", {1: 1})
    with asking.engine.begin() as connection:
        merge(connection, "a2", "a1", asking.now)
    assert asking.results().people == 1
    assert said(asking, "a1") == said(asking, "a2") == {1: 1}
    asking.now += dt.timedelta(minutes=1)
    asking.answer("a2", {1: 3})
    assert said(asking, "a1") == {1: 3}
    assert asking.results().people == 1


def test_who_is_forgotten_leaves_their_choices_and_not_their_words(asking: Asking) -> None:
    asking.answer("a1", ALL)
    with asking.engine.begin() as connection:
        erase(connection, "a1", Staff("王主任", "clerk"), "本人要求", asking.now)
    assert said(asking, "a1") == {1: 5, 2: 1, 3: [0, 2]}
