"""Where a tap's time goes: one JSON line per mark, in a file the caller names.

All programs of one machine share CLOCK_MONOTONIC, so the marks of terminal and board compare. The
name of a tap goes with its event to the ledger (`sync/tracing.py`); when the ledger's answer covers
it, the log says so under the same name.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from typing import TextIO

import structlog

log = structlog.get_logger()
AWAITED = 500
"""Taps whose answer is waited for by name; of more, the oldest are confirmed without one."""


class Trace:
    """Marks go to `out`; without one they go nowhere."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._awaited: deque[tuple[int, str]] = deque(maxlen=AWAITED)

    def mark(self, trace: str, what: str, monotonic: float, **facts: object) -> None:
        if self._out is None:
            return
        line = json.dumps({"trace": trace, "what": what, "monotonic": monotonic, **facts})
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()

    def committed(self, trace: str, seq: int, monotonic: float) -> None:
        """The tap is on the disk as the event with this number."""
        with self._lock:
            self._awaited.append((seq, trace))
        self.mark(trace, "committed", monotonic, seq=seq)

    def confirmed(self, watermark: int, monotonic: float) -> None:
        """The ledger keeps everything up to here."""
        with self._lock:
            done = [trace for seq, trace in self._awaited if seq <= watermark]
            waiting = [one for one in self._awaited if one[0] > watermark]
            self._awaited = deque(waiting, maxlen=AWAITED)
        if done:
            log.info("taps confirmed", watermark=watermark, traces=done)
        for trace in done:
            self.mark(trace, "confirmed", monotonic)
