"""Jobs that a terminal is given from afar: the pure state machine of one, and roll-outs in waves.

| state       | next                                                                            |
|-------------|---------------------------------------------------------------------------------|
| QUEUED      | `begun` → IN_PROGRESS, or TIMED_OUT where it does not hold any more; `rejected` |
|             | → REJECTED; `canceled` → CANCELED                                               |
| IN_PROGRESS | `acted`: done, and not proven yet; `proven` → SUCCEEDED; `failed` → FAILED;     |
|             | `rolled_back` → ROLLED_BACK; `spent` beyond its time → TIMED_OUT; `canceled` →  |
|             | CANCELED, but only before it was acted: what is done is done, and its end told  |
| all others  | none: they are ends                                                             |

A job is kept before it is acted upon, and its end before it is reported; a power cut between finds
IN_PROGRESS, and the caller proves or fails what it was at. Whether a queued job still holds is
asked of a clock that is known to be right, and waits for one; how long it is under way is counted
in seconds of work, which no clock's jump changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class JobState(StrEnum):
    QUEUED = "QUEUED"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    REJECTED = "REJECTED"
    CANCELED = "CANCELED"
    ROLLED_BACK = "ROLLED_BACK"


OPEN = frozenset({JobState.QUEUED, JobState.IN_PROGRESS})
BAD = frozenset({JobState.FAILED, JobState.TIMED_OUT, JobState.REJECTED, JobState.ROLLED_BACK})
"""What stops a roll-out. Who cancels a job knows why."""


class Job(Struct, frozen=True, kw_only=True):
    """`until` is when it must have begun, `deadline_s` how many seconds it may be under way;
    `reason` says why it ended as it did."""

    id: str
    until: dt.datetime
    deadline_s: float
    state: JobState = JobState.QUEUED
    acted: bool = False
    spent_s: float = 0.0
    reason: str = ""


def ended(job: Job) -> bool:
    return job.state not in OPEN


def begun(job: Job, now: dt.datetime, *, clock_good: bool) -> Job:
    """Still queued by a clock that nobody vouches for: a terminal that was away for a month does
    only what still holds."""
    if job.state is not JobState.QUEUED or not clock_good:
        return job
    if now >= job.until:
        return _end(job, JobState.TIMED_OUT, "expired")
    return replace(job, state=JobState.IN_PROGRESS)


def rejected(job: Job, reason: str) -> Job:
    """It is of a kind, or asks for something, that this terminal does not do."""
    return _end(job, JobState.REJECTED, reason) if job.state is JobState.QUEUED else job


def canceled(job: Job) -> Job:
    return job if ended(job) or job.acted else _end(job, JobState.CANCELED, "canceled")


def acted(job: Job) -> Job:
    """It was carried out; nothing is known of whether it worked."""
    return replace(job, acted=True) if job.state is JobState.IN_PROGRESS else job


def proven(job: Job) -> Job:
    """It was seen to have worked, after it was acted: before, nothing changes."""
    under_way = job.state is JobState.IN_PROGRESS and job.acted
    return _end(job, JobState.SUCCEEDED, "") if under_way else job


def failed(job: Job, reason: str) -> Job:
    return _end(job, JobState.FAILED, reason) if job.state is JobState.IN_PROGRESS else job


def rolled_back(job: Job, reason: str) -> Job:
    """It did not work, and what was before is back and works."""
    under_way = job.state is JobState.IN_PROGRESS and job.acted
    return _end(job, JobState.ROLLED_BACK, reason) if under_way else job


def spent(job: Job, seconds: float) -> Job:
    """So many more seconds were spent on it, in this start of the program or another."""
    if job.state is not JobState.IN_PROGRESS:
        return job
    more = replace(job, spent_s=job.spent_s + max(0.0, seconds))
    return _end(more, JobState.TIMED_OUT, "deadline") if more.spent_s >= job.deadline_s else more


def _end(job: Job, state: JobState, reason: str) -> Job:
    return replace(job, state=state, reason=reason)


class Step(Struct, frozen=True):
    """What a roll-out does next: who is to be given the job, whose queued job is to be canceled,
    and whether it has `stopped` on failures or is `over`."""

    give: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    stopped: bool = False
    over: bool = False


def next_step(
    waves: Sequence[Sequence[str]],
    states: Mapping[str, JobState],
    tolerated: int = 0,
    *,
    held: bool = False,
) -> Step:
    """`states` is how the jobs stand of those who were given one. A wave begins when all of the
    wave before have ended; with more than `tolerated` bad ends nobody is given it any more, and
    who has not begun is told to leave it, as also when somebody `held` it."""
    bad = sum(state in BAD for state in states.values())
    if bad > tolerated or held:
        waiting = tuple(name for name, state in states.items() if state is JobState.QUEUED)
        under_way = any(state in OPEN for state in states.values())
        return Step(cancel=waiting, stopped=True, over=not under_way)
    for wave in waves:
        missing = tuple(dict.fromkeys(name for name in wave if name not in states))
        if missing:
            return Step(give=missing)
        if any(states[name] in OPEN for name in wave):
            return Step()
    return Step(over=True)
