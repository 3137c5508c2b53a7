"""Hands out the newest lines of the log, and goes on to say new ones for a while.

What is followed is a help to whoever watches, and nothing that must arrive: it is said once, at
QoS 0, a message a second at most, and ends with the program.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from linli.kiosk.jobs.doing import LINES, Done
from linli.kiosk.log_lines import LogLines as Kept
from linli.sync.clock import Clock
from linli.sync.job_messages import RESULT_BYTES, CollectLogs, LogLines
from linli.sync.jobs import JobState

EVERY_S = 1.0
MOST = 50
"""Lines of one message. What comes faster is left out, and leaves a gap in the numbers."""
JOIN_S = 2.0


class LogCollector:
    """The `Doer` of CollectLogs. `say` is False where lines could not be handed over."""

    def __init__(
        self, terminal: str, kept: Kept, say: Callable[[LogLines], bool], clock: Clock
    ) -> None:
        self._terminal, self._kept, self._say, self._clock = terminal, kept, say, clock
        self._following: _Following | None = None

    def begin(self, job_id: str, task: CollectLogs) -> Done | None:
        data = _joined(self._kept.newest(task.lines))
        self.close()  # whoever follows now is whoever asked last
        if task.follow_s:
            until = self._clock.monotonic() + task.follow_s
            self._following = _Following(self._terminal, job_id, until, self._say, self._clock)
            self._following.start(self._kept)
        return Done(JobState.SUCCEEDED, data=data, media_type=LINES)

    def look(self, job_id: str, task: CollectLogs) -> Done | None:
        """To read them once more hurts nobody."""
        return self.begin(job_id, task)

    def close(self) -> None:
        if self._following is not None:
            self._following.close()
            self._following = None


class _Following:
    """A thread; it ends by itself at `until` (monotonic)."""

    def __init__(
        self,
        terminal: str,
        job_id: str,
        until: float,
        say: Callable[[LogLines], bool],
        clock: Clock,
    ) -> None:
        self._terminal, self._job, self._until = terminal, job_id, until
        self._say, self._clock = say, clock
        self._lines: deque[str] = deque()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-followed", daemon=True)

    def start(self, kept: Kept) -> None:
        self._leave = kept.follow(self._heard)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(JOIN_S)

    def _heard(self, line: str) -> None:
        if len(self._lines) <= MOST:  # one more shows that some were left out
            self._lines.append(line)

    def _run(self) -> None:
        number = 0
        while not self._over.wait(EVERY_S) and self._clock.monotonic() < self._until:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if not lines:
                continue
            number += 1
            told = LogLines(
                terminal=self._terminal, id=self._job, number=number, lines=lines[:MOST]
            )
            self._say(told)
            number += len(lines) > MOST
        self._leave()


def _joined(lines: list[str]) -> bytes:
    """The newest of them that a result has room for."""
    room, kept = RESULT_BYTES, deque[bytes]()
    for line in reversed(lines):
        data = line.encode() + b"\n"
        room -= len(data)
        if room < 0:
            break
        kept.appendleft(data)
    return b"".join(kept)
