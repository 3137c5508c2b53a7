"""One piece of work at a time on a thread of its own, for a doer that must answer at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from linli.kiosk.jobs.doing import Done, failed

log = structlog.get_logger()
FAULT = "fault"
Work = Callable[[], Done | None]


class Errand:
    """`begin` and `of` are called from one thread. The program may end in the middle of it, as by a
    power cut."""

    def __init__(self, name: str) -> None:
        self._name, self._job = name, ""
        self._outcome: Done | None = None
        self._thread: threading.Thread | None = None

    @property
    def under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def begin(self, job: str, work: Work) -> None:
        """Nothing happens while another is under way."""
        if self.under_way:
            return
        self._job, self._outcome = job, None
        self._thread = threading.Thread(
            target=self._run, args=(work,), name=self._name, daemon=True
        )
        self._thread.start()

    def of(self, job: str) -> Done | None:
        """How it ended for this job; None while it is under way, and where it ended well and the
        job goes on."""
        return self._outcome if job == self._job and not self.under_way else None

    def _run(self, work: Work) -> None:
        try:
            self._outcome = work()
        except Exception as error:
            # Else the job would wait for its end until its time is spent.
            log.exception("the work of a job stumbled")
            self._outcome = failed(FAULT, type(error).__name__)
