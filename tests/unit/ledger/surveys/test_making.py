"""A survey can be changed until it is opened, and is answered from its first to its last day."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.surveys.faults import Fault, SurveyError
from linli.ledger.surveys.making import NewSurvey, make, release, remake, throw_away
from linli.ledger.surveys.questions import Kind, Question
from linli.ledger.surveys.reading import State, open_for, read_survey, read_surveys
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.surveys.conftest import CLOSES, OPENS, QUESTIONS, WHEN, Asking, about
from tests.unit.ledger.village import Village


def at(day: dt.date, clock: str = "12:00") -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)


def test_a_survey_is_kept_as_it_was_made(village: Village) -> None:
    with village.engine.begin() as connection:
        id_ = make(connection, about(), "王主任", village.now)
        found = read_survey(connection, id_)
    assert (found.id, found.title, found.scope_name) == ("2026-11-1", "应急值守", "阳光社区")
    assert (found.opens, found.closes, found.made_by) == (OPENS, CLOSES, "王主任")
    assert tuple(found.questions.values()) == QUESTIONS
    assert found.state(village.now) is State.DRAFT


@pytest.mark.parametrize(
    "new",
    [
        about(scope="b1"),
        about(scope="nowhere"),
        about(title=" "),
        about(title="长" * 61),
        about(opens=CLOSES, closes=OPENS),
        about(closes=dt.date(2027, 11, 30)),
        about(()),
        about([WHEN] * 31),
        about([Question(Kind.SINGLE, "只有一个？", ("是",))]),
        about([Question(Kind.SINGLE, "一样？", ("是", "是 "))]),
        about([Question(Kind.SINGLE, "空的？", ("是", " "))]),
        about([Question(Kind.TEXT, "多余？", ("是", "否"))]),
        about([Question(Kind.TEXT, "")]),
        about([Question(Kind.TEXT, "响\x07铃？")]),
    ],
)
def test_a_survey_that_nobody_could_answer_is_refused(village: Village, new: NewSurvey) -> None:
    with village.engine.begin() as connection:
        with pytest.raises(SurveyError) as refused:
            make(connection, new, "王主任", village.now)
        assert refused.value.fault is Fault.BAD_SURVEY
        assert not read_surveys(connection)


def test_it_is_open_from_the_first_to_the_last_day(asking: Asking) -> None:
    with asking.engine.connect() as connection:
        found = read_survey(connection, asking.id)
    assert found.state(at(OPENS - dt.timedelta(days=1), "23:59")) is State.WAITING
    assert found.state(at(OPENS, "00:00")) is State.OPEN
    assert found.state(at(CLOSES, "23:59")) is State.OPEN
    assert found.state(at(CLOSES + dt.timedelta(days=1), "00:00")) is State.CLOSED


def test_before_it_is_opened_it_can_ask_something_else(village: Village) -> None:
    with village.engine.begin() as connection:
        id_ = make(connection, about(), "王主任", village.now)
        remake(connection, id_, about([WHEN], title="何时值守", scope="street"))
        found = read_survey(connection, id_)
    assert (found.title, found.scope) == ("何时值守", "street")
    assert tuple(found.questions.values()) == (WHEN,)


def test_once_opened_it_stays_as_it_is(asking: Asking) -> None:
    with asking.engine.begin() as connection:
        for change in (
            lambda: remake(connection, asking.id, about([WHEN])),
            lambda: throw_away(connection, asking.id),
            lambda: release(connection, asking.id, asking.now),
        ):
            with pytest.raises(SurveyError) as refused:
                change()
            assert refused.value.fault is Fault.RELEASED
        assert tuple(read_survey(connection, asking.id).questions.values()) == QUESTIONS


def test_a_survey_whose_last_day_is_over_cannot_be_opened(village: Village) -> None:
    with village.engine.begin() as connection:
        id_ = make(connection, about(), "王主任", village.now)
        with pytest.raises(SurveyError) as refused:
            release(connection, id_, at(CLOSES + dt.timedelta(days=1)))
    assert refused.value.fault is Fault.CLOSED


def test_a_survey_that_was_thrown_away_is_gone(village: Village) -> None:
    with village.engine.begin() as connection:
        throw_away(connection, make(connection, about(), "王主任", village.now))
        assert not read_surveys(connection)


def test_people_are_asked_by_their_community_and_by_their_street(asking: Asking) -> None:
    of_street = asking.open(about(scope="street", closes=dt.date(2026, 11, 25)))
    with asking.engine.begin() as connection:
        make(connection, about(title="还没开放"), "王主任", asking.now)
        assert [s.id for s in open_for(connection, "village", asking.now)] == [of_street, asking.id]
        assert [s.id for s in open_for(connection, "street", asking.now)] == [of_street]
        assert open_for(connection, "village", at(dt.date(2026, 12, 1))) == []
