"""A roll-out goes wave after wave, stops by itself, and does what the first of two people says."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from linli.ledger.fleet.jobs.giving import JobError, cancel
from linli.ledger.fleet.jobs.hearing import hear
from linli.ledger.fleet.jobs.rollouts import Plan, RolloutState, begin, call_off, in_waves, step
from linli.ledger.fleet.settings.wishes import StaleError
from linli.ledger.terminals.retiring import retire
from linli.sync.job_messages import JobStatus, ShowMessage, UpdateApp, UpdateFirmware
from linli.sync.jobs import JobState
from tests.unit.ledger.fleet.fleet import HOUR, Fleet
from tests.unit.ledger.village import Village

FIRST, THEN = ("t1",), ("t2", "t3")
NAMES = [*FIRST, *THEN]


@pytest.fixture
def fleet(village: Village) -> Fleet:
    return Fleet(village, "t2", "t3", "t4")


def given(fleet: Fleet) -> list[str]:
    """Whom there is a job for, not canceled."""
    return [name for name in (*NAMES, "t4") if fleet.told(name)]


def test_names_are_cut_into_waves_and_the_rest() -> None:
    assert in_waves(["a", "b", "c", "b"], [1]) == [["a"], ["b", "c"]]
    assert in_waves(["a"], [1, 10]) == [["a"]]
    assert in_waves(["a", "b"], []) == [["a", "b"]]


def test_a_wave_begins_when_the_one_before_has_ended(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, THEN)
    assert given(fleet) == ["t1"]
    fleet.end(id_, "t1", JobState.IN_PROGRESS)
    assert given(fleet) == ["t1"]
    fleet.end(id_, "t1")
    assert given(fleet) == ["t2", "t3"]
    fleet.end(id_, "t2")
    assert fleet.rollout(id_).state is RolloutState.RUNNING
    fleet.end(id_, "t3")
    assert fleet.rollout(id_).state is RolloutState.OVER
    assert fleet.rollout(id_).done == 3


def test_it_stops_by_itself_on_a_failure_and_goes_on_when_somebody_accepts_it(
    fleet: Fleet,
) -> None:
    id_ = fleet.roll_out(THEN, ("t1",))
    fleet.end(id_, "t2", JobState.ROLLED_BACK)
    assert fleet.rollout(id_).state is RolloutState.STOPPED
    assert given(fleet) == []
    fleet.say("t3", fleet.rollout(id_).jobs["t3"].id, JobState.CANCELED)
    fleet.go_on(id_)
    assert fleet.rollout(id_).tolerated == 1
    assert given(fleet) == ["t3"]
    fleet.end(id_, "t3")
    assert given(fleet) == ["t1"]
    fleet.end(id_, "t1", JobState.FAILED)
    assert fleet.rollout(id_).state is RolloutState.STOPPED


def test_held_nobody_begins_and_who_had_not_begun_is_asked_again(fleet: Fleet) -> None:
    id_ = fleet.roll_out(NAMES)
    job = fleet.rollout(id_).jobs["t1"].id
    fleet.end(id_, "t2", JobState.IN_PROGRESS)
    fleet.hold(id_)
    assert given(fleet) == ["t2"]
    fleet.go_on(id_)
    assert given(fleet) == NAMES
    # Its word that it left the job was still on its way.
    fleet.say("t1", job, JobState.CANCELED)
    assert fleet.told("t1") not in ([], [job])


def test_what_a_person_canceled_stays_canceled(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, ("t2",))
    job = fleet.rollout(id_).jobs["t1"].id
    with fleet.engine.begin() as connection:
        cancel(connection, job, "m", fleet.now)
    fleet.hold(id_)
    fleet.go_on(id_)
    fleet.end(id_, "t1", JobState.CANCELED)
    assert given(fleet) == ["t2"]


def test_of_two_maintainers_the_second_is_told_and_changes_nothing(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, THEN)
    fleet.hold(id_, seen=1)
    with pytest.raises(StaleError):
        fleet.go_on(id_, seen=1)
    with fleet.engine.begin() as connection, pytest.raises(StaleError):
        call_off(connection, id_, 1, "other", fleet.now)
    assert fleet.rollout(id_).state is RolloutState.HELD


def test_called_off_it_never_goes_on(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, THEN)
    with fleet.engine.begin() as connection:
        call_off(connection, id_, 1, "m", fleet.now)
    assert given(fleet) == []
    fleet.end(id_, "t1")
    assert given(fleet) == []
    with pytest.raises(JobError, match="is over"):
        fleet.go_on(id_)


def test_a_terminal_that_is_away_holds_it_up_no_longer_than_its_jobs_hold(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, THEN, tolerated=1, hours=2)
    fleet.pass_(2 * HOUR)
    assert given(fleet) == ["t1"]
    fleet.pass_(HOUR)
    assert given(fleet) == ["t2", "t3"]
    assert fleet.rollout(id_).bad == 1


def test_a_terminal_that_is_retired_meanwhile_is_passed_over(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, ("t2",))
    with fleet.engine.begin() as connection:
        retire(connection, "t2", "m", "broken", fleet.now, lost=False)
    fleet.end(id_, "t1")
    fleet.step()
    assert fleet.rollout(id_).state is RolloutState.OVER


def test_two_updates_do_not_chase_each_other_at_one_terminal(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, THEN, task=UpdateApp(version="1.4.0"))
    with pytest.raises(JobError, match="t3 is part of another update"):
        fleet.roll_out(["t3", "t4"], task=UpdateApp(version="1.5.0"))
    fleet.roll_out(["t4"], task=UpdateApp(version="1.5.0"))
    fleet.roll_out(["t3"], task=UpdateFirmware(version="1.5.0"))
    with fleet.engine.begin() as connection:
        call_off(connection, id_, 1, "m", fleet.now)
    assert fleet.roll_out(["t3"], task=UpdateApp(version="1.5.0"))


def test_of_two_who_begin_an_update_at_the_same_moment_the_second_is_told(fleet: Fleet) -> None:
    said: list[str] = []

    def second() -> None:
        try:
            fleet.roll_out(["t3", "t4"], task=UpdateApp(version="1.5.0"))
        except JobError as error:
            said.append(str(error))

    thread = threading.Thread(target=second)
    plan = Plan(UpdateApp(version="1.4.0"), [FIRST, THEN], 0, 48, "why")
    with fleet.engine.begin() as connection:
        id_ = begin(connection, plan, "m", fleet.new_id, fleet.now)
        thread.start()
        thread.join(0.3)
    thread.join()
    assert said == [f"t3 is part of another update, {id_}: let that end, or cancel it"]


def test_a_message_is_not_put_on_a_screen_after_its_time(fleet: Fleet) -> None:
    until = fleet.now + HOUR
    fleet.roll_out(FIRST, task=ShowMessage(zh="停电", until=until))
    assert fleet.orders("t1")[0].until == until


def test_several_processes_step_it_at_once_and_nobody_is_given_it_twice(fleet: Fleet) -> None:
    id_ = fleet.roll_out(FIRST, THEN)
    job = fleet.rollout(id_).jobs["t1"].id
    barrier = threading.Barrier(3)
    made = iter(range(1000))

    def process() -> None:
        barrier.wait()
        with fleet.engine.begin() as connection:
            step(connection, id_, lambda: f"job-of-{next(made)}", fleet.now)

    with fleet.engine.begin() as connection:
        told = JobStatus(terminal="t1", id=job, state=JobState.SUCCEEDED, at=fleet.now)
        hear(connection, told, fleet.now)
    threads = [threading.Thread(target=process) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(fleet.told(name)) for name in THEN] == [1, 1]


@pytest.mark.parametrize(
    ("waves", "tolerated", "hours", "said"),
    [
        ([], 0, 48, "choose 1 to"),
        ([["t1"], ["t1"]], 0, 48, "stands in two waves"),
        ([["nobody"]], 0, 48, "no terminal in service"),
        ([["t1"]], 0, 0, "hold for 1 to"),
        ([["t1"]], -1, 48, "failures can be tolerated"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    fleet: Fleet, waves: list[list[str]], tolerated: int, hours: int, said: str
) -> None:
    with pytest.raises(JobError, match=said):
        fleet.roll_out(*waves, tolerated=tolerated, hours=hours)
    assert given(fleet) == []
    assert fleet.pass_(dt.timedelta(days=1)) == 0
