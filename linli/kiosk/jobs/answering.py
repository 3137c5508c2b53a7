"""What a doer answers, and what becomes of its job by that."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from msgspec.structs import replace

from linli.kiosk.jobs.doing import Done, failed
from linli.sync import jobs
from linli.sync.jobs import Job, JobState

log = structlog.get_logger()
NO_ACCESS, FAULT = "no-access", "fault"


def answer(doer: Callable[[], Done | None]) -> Done | None:
    """What it says; whatever goes wrong there is a job that failed."""
    try:
        return doer()
    except OSError as error:
        log.warning("a job failed", error=str(error))
        return failed(NO_ACCESS, error.strerror or str(error))
    except Exception as error:
        # A fault of one doer must not end the jobs of the terminal.
        log.exception("a job stumbled")
        return failed(FAULT, type(error).__name__)


def ended_by(job: Job, done: Done) -> Job:
    """The job, which was acted upon, as its doer says that it ended. Raises
    ValueError for what is no end."""
    match done.state:
        case JobState.SUCCEEDED:
            return jobs.proven(job)
        case JobState.FAILED:
            return jobs.failed(job, done.reason)
        case JobState.ROLLED_BACK:
            return jobs.rolled_back(job, done.reason)
        case JobState.REJECTED:
            untouched = replace(job, state=JobState.QUEUED, acted=False)
            return jobs.rejected(untouched, done.reason)
    raise ValueError(f"{done.state} is no end that a doer can know")
