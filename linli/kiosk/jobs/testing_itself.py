"""Has the doctor look at everything while the terminal runs, as the maintainer's menu does: nobody
is asked, and nothing is heard."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.doctor.document import document
from linli.kiosk.doctor.finding import Finding
from linli.kiosk.jobs.doing import JSON, Done, failed
from linli.sync.clock import Clock
from linli.sync.job_messages import SelfTest
from linli.sync.jobs import JobState

Diagnose = Callable[[Callable[[Finding | None], None]], None]
"""Tells each finding from whatever thread, and None after the last."""


class SelfTester:
    """The `Doer` of SelfTest."""

    def __init__(self, terminal: str, clock: Clock, diagnose: Diagnose) -> None:
        self._terminal, self._clock, self._diagnose = terminal, clock, diagnose
        self._job = ""
        self._found: list[Finding | None] = []

    def begin(self, job_id: str, _task: SelfTest) -> Done | None:
        self._job, self._found = job_id, []
        self._diagnose(self._found.append)
        return None

    def look(self, job_id: str, _task: SelfTest) -> Done | None:
        if job_id != self._job:
            return failed("interrupted")
        if not self._found or self._found[-1] is not None:
            return None
        findings = [finding for finding in self._found if finding is not None]
        said = document(self._terminal, findings, self._clock)
        return Done(JobState.SUCCEEDED, data=said.encode(), media_type=JSON)
