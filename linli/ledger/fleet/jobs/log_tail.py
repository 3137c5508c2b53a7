"""Lines of terminals' logs that are followed just now, in memory: nobody needs them tomorrow.

Every process that serves pages hears all lines, so each has what its pages ask for. A terminal that
says lines nobody asked for, or too many, fills nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

MOST_LINES, MOST_TAILS = 1000, 20


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts the lines of a tail from 1. `missed` messages were lost before it."""

    number: int
    text: str
    missed: int = 0


@dataclass(slots=True)
class _Tail:
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    count: int = 0
    heard: int = 0
    """The number of the last message."""


class LogTail:
    """From any thread."""

    def __init__(self) -> None:
        self._tails: OrderedDict[str, _Tail] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, job: str, number: int, lines: list[str]) -> None:
        """A message; one that is not newer than the last changes nothing."""
        with self._lock:
            tail = self._tails.setdefault(job, _Tail())
            self._tails.move_to_end(job)
            if number <= tail.heard:
                return
            missed, tail.heard = number - tail.heard - 1, number
            for text in lines:
                tail.count += 1
                tail.lines.append(Line(tail.count, text, missed))
                missed = 0
            while len(self._tails) > MOST_TAILS:
                self._tails.popitem(last=False)

    def after(self, job: str, number: int) -> list[Line]:
        """The lines beyond this number, as far as they are still there."""
        with self._lock:
            tail = self._tails.get(job)
            return [] if tail is None else [line for line in tail.lines if line.number > number]
