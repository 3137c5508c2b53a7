"""Another version of the program as a job: over new starts of the program and power cuts."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from doubles.clock import HandClock

from linli.kiosk.jobs.doing import Done
from linli.kiosk.jobs.errand import Errand, Work
from linli.kiosk.jobs.update_app import Here, UpdateAppDoer, why_rolled_back
from linli.kiosk.updating import states
from linli.kiosk.updating.installing import UpdateFailedError
from linli.kiosk.updating.slots import Slots, SlotsBusyError
from linli.kiosk.updating.states import Standing, Step
from linli.sync.job_messages import UpdateApp
from linli.sync.jobs import JobState
from linli.sync.updates import Refusal, ReleaseRefusedError, ReleasesNotReachedError
from tests.unit.kiosk.updating.power_cuts import Power, PowerCutError

JOB, TASK = "j-1", UpdateApp(version="2.0")


class AtOnce(Errand):
    """Without a thread."""

    def begin(self, job: str, work: Work) -> None:
        self._job = job
        self._run(work)


class Shelf:
    """Brings in what is asked for, as far as the slots can tell; or raises what stands next."""

    def __init__(self, slots: Slots, running: str) -> None:
        self.slots, self.running, self.errors = slots, running, list[Exception]()

    def bring(self, wanted: str | None = None) -> Standing:
        if self.errors:
            raise self.errors.pop(0)
        assert wanted is not None
        with self.slots.alone():
            begun = self.slots.read().candidate
            if begun is None:
                self.slots.change(lambda standing: states.downloaded(standing, wanted))
            moves = {Step.DOWNLOADED: states.unpacked, Step.UNPACKED: states.verified}
            while (begun := self.slots.read().candidate) and begun.step in moves:
                self.slots.change(moves[begun.step])
            return self.slots.read()


class Life:
    """Of a terminal with 1.0, start by start, as launcher, supervisor and keeper have it. Where it
    does not `work`, 2.0 falls whenever it is started."""

    def __init__(self, directory: Path, works: bool = True) -> None:
        self.slots, self.works = Slots(directory / "updates"), works
        self.clock, self.ends, self.alone = HandClock(), list[str](), True
        self.running, self.restarts = "1.0", 0
        self.start()

    def start(self) -> None:
        standing = self.slots.change(states.starting)
        on_trial = standing.candidate
        trial = on_trial is not None and on_trial.step is Step.PROBATION
        self.running = on_trial.version if trial and on_trial else standing.version or "1.0"
        self.shelf = Shelf(self.slots, self.running)
        here = Here(lambda: self.alone, self._restart, lambda _: self.ends)
        self.doer = UpdateAppDoer(self.slots, self.shelf, self.clock, here, AtOnce("update"))

    def _restart(self) -> None:
        self.restarts += 1

    def live(self) -> Done:
        """Until it is known how the job ended."""
        for _ in range(40):
            before = self.restarts
            done = self.doer.look(JOB, TASK)
            if done is not None:
                return done
            if self.restarts > before:
                self.start()
            elif self._on_trial():
                if self.works:
                    self.slots.change(states.confirmed)
                else:
                    self.ends.append("exit 3")
                    self.start()
        raise AssertionError("it never ended")

    def _on_trial(self) -> bool:
        begun = self.slots.read().candidate
        return begun is not None and begun.step is Step.PROBATION


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def test_update_as_a_job_succeeds_once_it_was_confirmed(life: Life) -> None:
    assert life.live() == Done(JobState.SUCCEEDED)
    assert (life.running, life.slots.read().version) == ("2.0", "2.0")
    assert life.restarts == 1


def test_update_as_a_job_that_does_not_stand_its_trial_says_why(tmp_path: Path) -> None:
    life = Life(tmp_path, works=False)
    done = life.live()
    assert (done.state, done.reason) == (JobState.ROLLED_BACK, "fell")
    assert done.detail == (
        "2.0 was started 3 times on trial and did not stand it (exit 3, exit 3, exit 3); "
        "1.0 runs again"
    )
    assert life.running == "1.0"


@pytest.mark.parametrize("works", [True, False])
def test_update_as_a_job_has_an_end_whatever_power_cut_comes(
    tmp_path: Path,
    works: bool,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # what is synced here, nobody waits for
    cut_at = 0
    for done in (False, True):
        cut_at, was_cut = 0, True
        while was_cut:
            cut_at += 1
            life, was_cut = Life(tmp_path / f"{done}-{cut_at}", works), False
            with pytest.MonkeyPatch.context() as patch:
                Power(patch, cut_at, done=done)
                try:
                    life.live()
                except PowerCutError:
                    was_cut = True
            life.start()
            end = life.live()
            assert end.state is (JobState.SUCCEEDED if works else JobState.ROLLED_BACK), cut_at
            assert life.running == ("2.0" if works else "1.0")
    print(f"{cut_at - 1} changes to the disk, each with a power cut before and after it")
    record_property("cuts", 2 * (cut_at - 1))
    assert cut_at > 20


def test_update_as_a_job_waits_until_nobody_stands_there(life: Life) -> None:
    life.alone = False
    for _ in range(5):
        assert life.doer.look(JOB, TASK) is None
    begun = life.slots.read().candidate
    assert begun is not None
    assert begun.step is Step.VERIFIED
    life.alone = True
    assert life.live().state is JobState.SUCCEEDED


def test_update_as_a_job_to_what_runs_already_has_succeeded(life: Life) -> None:
    assert life.doer.begin(JOB, UpdateApp(version="1.0")) == Done(JobState.SUCCEEDED)
    assert life.restarts == 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ReleaseRefusedError("timestamp has expired", Refusal.EXPIRED), "expired"),
        (ReleaseRefusedError("1.9 is older", Refusal.OLDER), "older"),
        (ReleaseRefusedError("nothing for this machine", Refusal.WRONG_MACHINE), "wrong-machine"),
        (OSError(errno.ENOSPC, "No space left on device"), "no-room"),
        (OSError(errno.EIO, "Input/output error"), "disk"),
        (UpdateFailedError("it does not install"), "not-installed"),
        (states.UpdateRefusedError("rolled back 2 times"), "refused"),
    ],
)
def test_update_as_a_job_that_is_refused_says_why_in_a_word_and_a_sentence(
    life: Life, error: Exception, reason: str
) -> None:
    life.shelf.errors = [error]
    assert life.doer.begin(JOB, TASK) is None
    done = life.doer.look(JOB, TASK)
    assert done is not None
    assert (done.state, done.reason) == (JobState.FAILED, reason)
    assert done.detail
    assert life.running == "1.0"


def test_update_as_a_job_asks_a_network_that_is_away_three_times(life: Life) -> None:
    life.shelf.errors = [ReleasesNotReachedError("no route")] * 3
    ends = []
    for _ in range(10):
        ends.append(life.doer.look(JOB, TASK))
        life.clock.pass_(minutes=1)
    assert ends[:3] == [None] * 3
    assert ends[3] is not None
    assert ends[3].reason == "not-reached"


def test_update_as_a_job_goes_on_once_the_network_is_back(life: Life) -> None:
    life.shelf.errors = [ReleasesNotReachedError("no route"), SlotsBusyError("somebody else")]
    for _ in range(2):
        assert life.doer.look(JOB, TASK) is None
        life.clock.pass_(minutes=1)
    assert life.live().state is JobState.SUCCEEDED


def test_update_as_a_job_that_somebody_had_begun_at_the_machine_ends_as_that_does(
    tmp_path: Path,
) -> None:
    life = Life(tmp_path, works=False)
    life.shelf.bring("2.0")
    life.slots.change(states.switched)
    life.start()
    life.ends.append("exit 3")
    done = life.live()
    assert (done.state, done.reason) == (JobState.ROLLED_BACK, "fell")


def test_update_as_a_job_that_could_not_be_installed_was_never_on_trial(life: Life) -> None:
    """Also where the power went between that and its being said."""
    life.slots.note("attempt", {"job": JOB, "rolled_back": 0, "switched_at": ""})
    life.slots.change(lambda standing: states.downloaded(standing, "2.0"))
    life.slots.change(states.given_up)
    assert life.live().reason == "not-installed"


def test_update_as_a_job_is_told_from_one_that_was_rolled_back_before(life: Life) -> None:
    life.slots.change(lambda standing: states.downloaded(standing, "2.0"))
    life.slots.change(states.given_up)
    assert life.live().state is JobState.SUCCEEDED


def test_update_as_a_job_whose_slot_is_of_another_python_has_failed(life: Life) -> None:
    """The launcher starts the package's own version then."""
    assert life.live().state is JobState.SUCCEEDED
    life.shelf.running = "1.0"
    done = life.doer.look(JOB, TASK)
    assert done is not None
    assert (done.state, done.reason) == (JobState.FAILED, "not-running")


def test_update_as_a_job_where_nothing_can_be_read_any_more_has_failed(life: Life) -> None:
    life.slots.directory.mkdir(exist_ok=True)
    (life.slots.directory / "standing.json").write_bytes(b"\0" * 40)
    done = life.doer.look(JOB, TASK)
    assert done is not None
    assert done.reason == "standing-unreadable"


@pytest.mark.parametrize(
    ("ends", "board_silent", "reason"),
    [
        ([], False, "did-not-start"),
        (["exit 1", "signal 9"], False, "fell"),
        (["exit 1", "frozen"], False, "hung"),
        (["no-window"], False, "no-window"),
        (["not-confirmed"], True, "board-silent"),
        (["not-confirmed"], False, "not-confirmed"),
    ],
)
def test_update_that_was_rolled_back_says_what_ended_it_last(
    ends: list[str], board_silent: bool, reason: str
) -> None:
    assert why_rolled_back(ends, board_silent=board_silent) == reason


def test_an_errand_that_stumbles_fails_its_job() -> None:
    def stumble() -> Done | None:
        raise ZeroDivisionError

    errand = Errand("stumbles")
    errand.begin(JOB, stumble)
    while errand.under_way:
        pass
    done = errand.of(JOB)
    assert done is not None
    assert (done.state, done.reason) == (JobState.FAILED, "fault")
    assert errand.of("another") is None


def test_reasons_are_asked_for_since_the_version_was_switched_to(life: Life) -> None:
    asked = list[dt.datetime]()

    def reasons(since: dt.datetime) -> list[str]:
        asked.append(since)
        return ["exit 3"]

    life.works = False
    life.live()
    here = Here(lambda: True, lambda: None, reasons)
    UpdateAppDoer(life.slots, life.shelf, life.clock, here, AtOnce("update")).look(JOB, TASK)
    assert asked == [life.clock.now()]
