"""Jobs are given, told, heard of, canceled and given up; what a terminal said last of an end
stays."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.ledger.fleet.jobs.giving import WAITING_AT_MOST, JobError, cancel
from linli.ledger.fleet.jobs.hearing import AWAY, SILENT, Heard, follows
from linli.ledger.fleet.jobs.lists import listed
from linli.ledger.terminals.retiring import retire
from linli.sync.job_messages import (
    OPEN_AT_ONCE,
    Restart,
    SelfTest,
    task_of,
)
from linli.sync.jobs import OPEN, JobState
from tests.unit.ledger.fleet.fleet import HOUR, Fleet
from tests.unit.ledger.village import Village

ENDS = sorted(set(JobState) - OPEN)
DAYS = dt.timedelta(days=40)


@pytest.fixture
def fleet(village: Village) -> Fleet:
    return Fleet(village, "t2")


def test_a_job_is_told_once_on_its_terminals_topic_until_it_ended(fleet: Fleet) -> None:
    id_ = fleet.give("t1", Restart(part="app"))
    (order,) = fleet.orders("t1")
    assert (order.id, order.canceled, order.until) == (id_, False, fleet.now + HOUR)
    assert task_of(order) == Restart(part="app")
    with fleet.engine.connect() as connection:
        (message,) = listed(connection, {})
        assert list(listed(connection, {message.topic: message.edition})) == []
    assert fleet.say("t1", id_, JobState.IN_PROGRESS) is Heard.TAKEN
    assert fleet.told("t1") == [id_]
    assert fleet.say("t1", id_, JobState.SUCCEEDED) is Heard.TAKEN
    with fleet.engine.connect() as connection:
        (message,) = listed(connection, {message.topic: message.edition})
    assert message.payload == b'{"terminal":"t1","jobs":[]}'


def test_the_oldest_twenty_are_told_and_the_next_when_one_has_ended(fleet: Fleet) -> None:
    ids = []
    for _ in range(OPEN_AT_ONCE + 2):
        fleet.now += dt.timedelta(seconds=1)
        ids.append(fleet.give("t1", SelfTest()))
    assert fleet.told("t1") == ids[:OPEN_AT_ONCE]
    fleet.say("t1", ids[3], JobState.FAILED)
    assert fleet.told("t1") == [*ids[:3], *ids[4 : OPEN_AT_ONCE + 1]]


def test_a_liar_moves_no_job_but_its_own_and_no_end(fleet: Fleet) -> None:
    id_ = fleet.give("t1", SelfTest())
    assert fleet.say("t2", id_, JobState.SUCCEEDED) is Heard.ANOTHERS
    assert fleet.say("t1", "never-given", JobState.SUCCEEDED) is Heard.NO_JOB
    assert fleet.say("nobody", id_, JobState.SUCCEEDED) is Heard.ANOTHERS
    assert fleet.job(id_).state is JobState.QUEUED
    fleet.say("t1", id_, JobState.FAILED, reason="no-board", detail="\x00<b>\n")
    assert fleet.say("t1", id_, JobState.SUCCEEDED) is Heard.BACKWARDS
    assert fleet.say("t1", id_, JobState.FAILED) is Heard.KNOWN
    kept = fleet.job(id_)
    assert (kept.state, kept.reason, kept.detail) == (JobState.FAILED, "no-board", " <b> ")


def test_a_canceled_job_stays_listed_as_such_until_its_terminal_says_so(fleet: Fleet) -> None:
    id_ = fleet.give("t1", SelfTest())
    with fleet.engine.begin() as connection:
        assert cancel(connection, id_, "m", fleet.now) == "t1"
    (order,) = fleet.orders("t1")
    assert order.canceled
    assert fleet.job(id_).leaving
    fleet.say("t1", id_, JobState.CANCELED)
    assert fleet.orders("t1") == []
    with fleet.engine.begin() as connection, pytest.raises(JobError, match="has ended already"):
        cancel(connection, id_, "m", fleet.now)


def test_what_was_done_before_the_cancel_came_has_its_own_end(fleet: Fleet) -> None:
    id_ = fleet.give("t1", SelfTest())
    with fleet.engine.begin() as connection:
        cancel(connection, id_, "m", fleet.now)
    assert fleet.say("t1", id_, JobState.SUCCEEDED) is Heard.TAKEN
    assert fleet.job(id_).state is JobState.SUCCEEDED


def test_a_job_nobody_began_is_given_up_long_after_its_time(fleet: Fleet) -> None:
    id_ = fleet.give("t1", SelfTest())
    assert fleet.pass_(HOUR + AWAY - dt.timedelta(seconds=1)) == 0
    assert fleet.pass_(dt.timedelta(seconds=1)) == 1
    kept = fleet.job(id_)
    assert (kept.state, kept.reason, kept.presumed) == (JobState.TIMED_OUT, "away", True)
    assert fleet.told("t1") == []


def test_a_terminal_that_comes_back_after_a_month_is_believed_about_what_it_did(
    fleet: Fleet,
) -> None:
    id_ = fleet.give("t1", SelfTest())
    fleet.pass_(DAYS)
    assert fleet.say("t1", id_, JobState.QUEUED) is Heard.BACKWARDS
    assert fleet.say("t1", id_, JobState.IN_PROGRESS) is Heard.TAKEN
    assert fleet.told("t1") == [id_]
    assert fleet.say("t1", id_, JobState.SUCCEEDED) is Heard.TAKEN
    assert fleet.say("t1", id_, JobState.TIMED_OUT) is Heard.BACKWARDS


def test_a_job_that_was_begun_is_given_up_after_a_long_silence(fleet: Fleet) -> None:
    id_ = fleet.give("t1", SelfTest())
    fleet.say("t1", id_, JobState.IN_PROGRESS)
    assert fleet.pass_(SILENT) == 0
    assert fleet.pass_(HOUR) == 1
    assert fleet.job(id_).reason == "silent"


def test_one_that_is_at_it_for_ever_holds_up_no_roll_out_for_ever(fleet: Fleet) -> None:
    made = fleet.roll_out(["t1"], ["t2"], tolerated=1, hours=2)
    id_ = fleet.rollout(made).jobs["t1"].id
    for _ in range(20):
        assert fleet.say("t1", id_, JobState.IN_PROGRESS) in (Heard.TAKEN, Heard.KNOWN)
        if fleet.pass_(HOUR):
            break
    assert (fleet.job(id_).state, fleet.job(id_).reason) == (JobState.TIMED_OUT, "deadline")
    assert set(fleet.rollout(made).jobs) == {"t1", "t2"}
    assert fleet.say("t1", id_, JobState.IN_PROGRESS) is Heard.BACKWARDS
    assert fleet.say("t1", id_, JobState.SUCCEEDED) is Heard.TAKEN


def test_a_terminal_that_is_retired_has_no_open_jobs_and_gets_none(fleet: Fleet) -> None:
    id_ = fleet.give("t2", SelfTest())
    with fleet.engine.begin() as connection:
        retire(connection, "t2", "m", "broken", fleet.now, lost=False)
    assert fleet.pass_(dt.timedelta(seconds=5)) == 1
    assert (fleet.job(id_).state, fleet.job(id_).reason) == (JobState.CANCELED, "retired")
    with pytest.raises(JobError, match="no terminal in service"):
        fleet.give("t2", SelfTest())


def test_a_job_that_is_over_or_one_too_many_is_not_given(fleet: Fleet) -> None:
    with pytest.raises(JobError, match="choose a later time"):
        fleet.give("t1", SelfTest(), hours=0)
    for _ in range(WAITING_AT_MOST):
        fleet.give("t1", SelfTest())
    with pytest.raises(JobError, match="cancel some of them first"):
        fleet.give("t1", SelfTest())


def test_of_all_states_only_a_presumed_end_gives_way_to_another() -> None:
    for kept in ENDS:
        assert not any(follows(kept, said, presumed=False) for said in JobState)
        assert all(follows(kept, said, presumed=True) for said in [*ENDS, JobState.IN_PROGRESS])
    assert not follows(JobState.IN_PROGRESS, JobState.QUEUED, presumed=False)


STEPS = st.one_of(
    st.sampled_from(list(JobState)),
    st.sampled_from(["cancel", "lie", "wait", "month"]),
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, max_size=8))
def test_in_whatever_order_the_terminals_first_end_stays_and_every_job_ends(
    fleet: Fleet, steps: list[JobState | str]
) -> None:
    id_ = fleet.give("t1", SelfTest())
    end: JobState | None = None
    for one in steps:
        if isinstance(one, JobState):
            taken = fleet.say("t1", id_, one)
            if end is None and one not in OPEN:
                assert taken in (Heard.TAKEN, Heard.KNOWN)
                end = one
        elif one == "lie":
            fleet.say("t2", id_, JobState.SUCCEEDED)
        elif one == "cancel" and fleet.job(id_).is_open:
            with fleet.engine.begin() as connection:
                cancel(connection, id_, "m", fleet.now)
        else:
            fleet.pass_(DAYS if one == "month" else HOUR)
        kept = fleet.job(id_)
        assert (id_ in [order.id for order in fleet.orders("t1")]) == kept.is_open
        if end is not None:
            assert (kept.state, kept.presumed) == (end, False)
    fleet.pass_(DAYS)
    assert not fleet.job(id_).is_open
