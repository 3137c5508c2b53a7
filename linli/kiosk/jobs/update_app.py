"""Another version of the program, as a job: fetched, installed, started on trial, and proven by its
probation. It ends in a start of the program that did not begin it: what is known of it stands in
standing.json, and beside that in a note of which job it was.

| found on the disk                                 | then                                         |
|---------------------------------------------------|----------------------------------------------|
| nothing of this version, or it is half installed  | it is brought in, on a thread                |
| verified                                          | switched to, once nobody stands there        |
| switched                                          | the program ends; the launcher starts it     |
| on probation                                      | waited for                                   |
| confirmed, and it runs                            | SUCCEEDED                                    |
| rolled back once more than when the job began     | ROLLED_BACK; FAILED if it was never started  |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from linli.kiosk.jobs.doing import SUCCEEDED, Done, failed
from linli.kiosk.jobs.errand import Errand
from linli.kiosk.jobs.refusals import NOT_BROUGHT, TRIES, why_not_brought
from linli.kiosk.updating import states
from linli.kiosk.updating.probation import BOARD, NOTE
from linli.kiosk.updating.slots import Slots, SlotsBusyError, StandingError
from linli.kiosk.updating.states import Candidate, Standing, Step
from linli.sync.clock import Clock
from linli.sync.job_messages import UpdateApp
from linli.sync.jobs import JobState
from linli.sync.updates import ReleasesNotReachedError

ATTEMPT = "attempt"
TRIED = (Step.SWITCHED, Step.PROBATION)
RETRY_S, BUSY_S = 60.0, 5.0
Reasons = Callable[[dt.datetime], Sequence[str]]


class Brings(Protocol):
    """`bringing_in.Incoming`."""

    @property
    def running(self) -> str: ...

    def bring(self, wanted: str | None = None) -> Standing: ...


@dataclass(frozen=True)
class Attempt:
    """What a job began with: how often its version had been rolled back; and when it was switched
    to, or found on trial, empty before."""

    job: str
    rolled_back: int
    switched_at: str = ""


@dataclass(frozen=True)
class Here:
    """What is asked of the program: whether nobody stands there (`alone`), to end and be started
    anew (`restart`), and why it ended since some moment (`reasons`, as the supervisor writes it
    down)."""

    alone: Callable[[], bool]
    restart: Callable[[], None]
    reasons: Reasons


class UpdateAppDoer:
    def __init__(
        self,
        slots: Slots,
        incoming: Brings,
        clock: Clock,
        here: Here,
        errand: Errand | None = None,
    ) -> None:
        self._slots, self._incoming, self._clock, self._here = slots, incoming, clock, here
        self._errand = errand or Errand("update")
        self._tries, self._again_at = 0, 0.0
        self._restarting = False

    def begin(self, job_id: str, task: UpdateApp) -> Done | None:
        self._tries, self._again_at = 0, 0.0
        return self.look(job_id, task)

    def look(self, job_id: str, task: UpdateApp) -> Done | None:
        try:
            standing = self._slots.read()
            attempt = self._attempt(job_id, standing, task.version)
            return self._step(attempt, standing, task.version)
        except StandingError as error:
            return failed("standing-unreadable", str(error))

    def _attempt(self, job: str, standing: Standing, version: str) -> Attempt:
        """What was noted of this job; now, where nothing was."""
        told = self._slots.noted(ATTEMPT)
        try:
            known = Attempt(**told)  # type: ignore[arg-type]
        except TypeError:
            known = None  # another version noted more, or less
        if known is not None and known.job == job:
            return known
        begun = standing.candidate
        on_trial = begun is not None and begun.version == version and begun.step in TRIED
        attempt = Attempt(
            job, standing.rolled_back.get(version, 0), self._now() if on_trial else ""
        )
        self._slots.note(ATTEMPT, asdict(attempt))
        return attempt

    def _step(self, attempt: Attempt, standing: Standing, version: str) -> Done | None:
        begun = standing.candidate
        if begun is not None and begun.version == version:
            return self._go_on(attempt, begun)
        if version == (standing.version or self._incoming.running):
            return self._proven(version)
        if standing.rolled_back.get(version, 0) > attempt.rolled_back:
            return self._given_up(attempt, version)
        return self._bring(attempt.job, version)

    def _go_on(self, attempt: Attempt, begun: Candidate) -> Done | None:
        if begun.step in (Step.DOWNLOADED, Step.UNPACKED):
            return self._bring(attempt.job, begun.version)
        if begun.step is Step.PROBATION or self._errand.under_way or not self._here.alone():
            return None
        if begun.step is Step.VERIFIED:
            noted = Attempt(attempt.job, attempt.rolled_back, self._now())
            self._slots.note(ATTEMPT, asdict(noted))
            self._slots.change(states.switched)
        if not self._restarting:
            self._restarting = True
            self._here.restart()
        return None

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")

    def _proven(self, version: str) -> Done:
        """Confirmed; but a slot whose Python is gone leaves the start to the package."""
        if self._incoming.running == version:
            return SUCCEEDED
        return failed("not-running", f"{version} is installed, and {self._incoming.running} runs")

    def _given_up(self, attempt: Attempt, version: str) -> Done:
        if not attempt.switched_at:
            known = self._errand.of(attempt.job)
            return known or failed("not-installed", f"{version} could not be installed here")
        ends = self._here.reasons(dt.datetime.fromisoformat(attempt.switched_at))
        waited_for = self._slots.noted(NOTE).get("waits-for")
        reason = why_rolled_back(ends, board_silent=waited_for == BOARD)
        told = ", ".join(ends[-states.STARTS :]) or "it never came as far as its supervisor"
        said = f"{version} was started {states.STARTS} times on trial and did not stand it ({told})"
        return Done(JobState.ROLLED_BACK, reason, f"{said}; {self._incoming.running} runs again")

    def _bring(self, job: str, version: str) -> Done | None:
        if self._errand.under_way:
            return None
        known = self._errand.of(job)
        if known is not None:
            return known
        if self._clock.monotonic() >= self._again_at:
            self._errand.begin(job, lambda: self._brought(version))
        return None

    def _brought(self, version: str) -> Done | None:
        """On the errand's thread. A network that is away for a moment fails no update."""
        try:
            self._incoming.bring(version)
        except SlotsBusyError:
            # Somebody at the machine, or a program of the start before that still writes.
            self._again_at = self._clock.monotonic() + BUSY_S
        except ReleasesNotReachedError as error:
            self._tries += 1
            self._again_at = self._clock.monotonic() + RETRY_S
            return why_not_brought(error) if self._tries >= TRIES else None
        except NOT_BROUGHT as error:
            return why_not_brought(error)
        return None


def why_rolled_back(ends: Sequence[str], *, board_silent: bool) -> str:
    """In a word, by what ended it last: `fell`, `hung`, `no-window`, `board-silent`,
    `not-confirmed`; `did-not-start` where nothing was written down."""
    if not ends:
        return "did-not-start"
    last = ends[-1]
    if last == "not-confirmed" and board_silent:
        return "board-silent"
    known = {"frozen": "hung", "no-window": "no-window", "not-confirmed": "not-confirmed"}
    return known.get(last, "fell")
