"""Jobs from afar through any order of events, and roll-outs that stop on failures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linli.sync.jobs import (
    BAD,
    OPEN,
    Job,
    JobState,
    acted,
    begun,
    canceled,
    ended,
    failed,
    next_step,
    proven,
    rejected,
    rolled_back,
    spent,
)
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 28, 9, tzinfo=SHANGHAI)
JOB = Job(id="j", until=NOW + dt.timedelta(days=1), deadline_s=60)
UNDER_WAY = begun(JOB, NOW, clock_good=True)
Event = Callable[[Job], Job]
EVENTS: dict[str, Event] = {
    "begun": lambda job: begun(job, NOW, clock_good=True),
    "late": lambda job: begun(job, job.until, clock_good=True),
    "rejected": lambda job: rejected(job, "unknown kind"),
    "canceled": canceled,
    "acted": acted,
    "proven": proven,
    "failed": lambda job: failed(job, "did not start"),
    "rolled back": lambda job: rolled_back(job, "did not start"),
    "spent": lambda job: spent(job, 25),
}


def test_success_is_reported_only_after_it_is_proven() -> None:
    assert proven(UNDER_WAY) == UNDER_WAY
    assert acted(UNDER_WAY).state is JobState.IN_PROGRESS
    assert proven(acted(UNDER_WAY)).state is JobState.SUCCEEDED


def test_a_terminal_that_was_away_for_a_month_does_only_what_still_holds() -> None:
    late = begun(JOB, NOW + dt.timedelta(days=30), clock_good=True)
    assert (late.state, late.reason) == (JobState.TIMED_OUT, "expired")


def test_a_job_waits_for_a_clock_that_is_known_to_be_right() -> None:
    assert begun(JOB, dt.datetime(2099, 1, 1, tzinfo=SHANGHAI), clock_good=False) == JOB


def test_what_was_carried_out_is_not_canceled() -> None:
    assert canceled(UNDER_WAY).state is JobState.CANCELED
    assert canceled(acted(UNDER_WAY)).state is JobState.IN_PROGRESS


def test_the_time_under_way_adds_up_over_starts_and_ends_it() -> None:
    assert spent(spent(UNDER_WAY, 30), 29).state is JobState.IN_PROGRESS
    over = spent(spent(UNDER_WAY, 30), 30)
    assert (over.state, over.reason) == (JobState.TIMED_OUT, "deadline")


def test_a_clock_that_runs_backwards_gives_no_time_back() -> None:
    assert spent(UNDER_WAY, -1000).spent_s == 0


@given(st.lists(st.sampled_from(sorted(EVENTS))))
@example(["acted", "begun", "acted", "proven"])
def test_an_end_is_final_and_success_was_acted_first(names: list[str]) -> None:
    job = JOB
    for name in names:
        after = EVENTS[name](job)
        if ended(job):
            assert after == job
        job = after
    if job.state is JobState.SUCCEEDED:
        since = names[names.index("begun") :]  # what was said of it before is not heard
        assert "acted" in since[:-1]
    if job.state is JobState.REJECTED:
        assert not job.acted


WAVES = [["a"], ["b", "c"], ["d", "e"]]


def test_the_next_wave_waits_for_the_one_before() -> None:
    assert next_step(WAVES, {}).give == ("a",)
    assert next_step(WAVES, {"a": JobState.IN_PROGRESS}).give == ()
    assert next_step(WAVES, {"a": JobState.SUCCEEDED}).give == ("b", "c")


def test_a_failure_stops_the_roll_out_and_calls_back_who_has_not_begun() -> None:
    states = {"a": JobState.SUCCEEDED, "b": JobState.ROLLED_BACK, "c": JobState.QUEUED}
    step = next_step(WAVES, states)
    assert (step.stopped, step.cancel, step.give, step.over) == (True, ("c",), (), False)


def test_a_roll_out_that_somebody_holds_gives_nothing_out() -> None:
    assert next_step(WAVES, {"a": JobState.SUCCEEDED}, held=True).give == ()


@pytest.mark.parametrize("tolerated", [0, 1])
def test_as_many_failures_as_are_tolerated_go_by(tolerated: int) -> None:
    states = {"a": JobState.FAILED}
    assert bool(next_step(WAVES, states, tolerated).give) == (tolerated == 1)


names = st.sampled_from([f"t{n}" for n in range(9)])


@given(
    st.lists(st.lists(names, max_size=4), max_size=4),
    st.lists(st.sampled_from(sorted(set(JobState) - OPEN)), min_size=9, max_size=9),
    st.integers(0, 2),
)
def test_a_roll_out_ends_and_never_gives_beyond_the_wave_that_failed(
    waves: list[list[str]], fates: list[JobState], tolerated: int
) -> None:
    states: dict[str, JobState] = {}
    for _ in range(len(waves) + 1):
        step = next_step(waves, states, tolerated)
        if step.over:
            break
        assert sum(state in BAD for state in states.values()) <= tolerated
        assert not set(step.give) & set(states)
        states |= {name: fates[int(name[1:])] for name in step.give}
    last = next_step(waves, states, tolerated)
    assert last.over
    assert last.stopped or set(states) == {name for wave in waves for name in wave}
