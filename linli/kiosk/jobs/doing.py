"""What can be asked of a terminal from afar is done by one `Doer` for each type of task.

The keeper writes a job down before `begin`, and its end before it says it. The program, the machine
or the power may go at any moment between. So a doer is asked to `begin` a job once at most, and
is asked by `look` from then on, in this start of the program and in every later one, until it knows
how the job ended or the job's time is spent. What `begin` was at when the power went is for `look`
to find out: it must be able to tell from what is there, or to say that the job failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from linli.sync.jobs import JobState

PROVABLE = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.ROLLED_BACK, JobState.REJECTED})
JSON, LINES, PNG = "application/json", "application/x-ndjson", "image/png"
T = TypeVar("T", bound=Struct, contravariant=True)


@dataclass(frozen=True)
class Done:
    """How a job ended, of PROVABLE. `reason` is a word for programs (48 characters at most),
    `detail` says more to a maintainer (200 at most); neither holds personal data. `data` is the
    result, of `media_type`, where there is one; it is uploaded before the end is said."""

    state: JobState
    reason: str = ""
    detail: str = ""
    data: bytes = b""
    media_type: str = ""


SUCCEEDED = Done(JobState.SUCCEEDED)


class Doer(Protocol[T]):
    """Both are called from the keeper's own thread, one job at a time, and may take as long as a
    file or a device takes; what takes longer goes on elsewhere, and is asked for by `look` about
    once a second. What they raise beside OSError is a fault of the program."""

    def begin(self, job_id: str, task: T) -> Done | None:
        """Act. None where it is known later. REJECTED where nothing was done, since this terminal
        cannot do it."""
        ...

    def look(self, job_id: str, task: T) -> Done | None:
        """Whether it is known by now; also after a new start of the program, for a job that `begin`
        may or may not have been called for, or was in the middle of."""
        ...


Doers = Mapping[type[Struct], Doer[Any]]
"""By the type of their task."""


def failed(reason: str, detail: str = "") -> Done:
    return Done(JobState.FAILED, reason, detail)


def refused(reason: str, detail: str = "") -> Done:
    return Done(JobState.REJECTED, reason, detail)
