"""What running programs cost: memory, processor, and the time to their first frame."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import psutil

from linli.town.marks import read_marks

FRAMES = ("first-frame", "frame")
"""Marks of a terminal's first frame, and of each of a board's."""
IDLE_S = 120.0
"""Long enough for several pages of a board to turn: that is what it does while nobody is there, and
one costs three times another."""


def memory(pid: int) -> float:
    """MB (10^6 bytes) of a program and all that it started, shared pages in proportion (PSS)."""
    return sum(_pss(process) for process in _family(pid)) / 1e6


def own_memory(pid: int) -> float:
    """MB of a program that nobody shares (USS): of pages that are shared, its part changes when
    somebody else comes or goes."""
    return float(psutil.Process(pid).memory_full_info().uss) / 1e6


def idle(pids: Sequence[int], seconds: float = IDLE_S) -> list[float]:
    """% of a core that each takes over some seconds in which nothing is asked of it."""
    families = [_family(pid) for pid in pids]
    for process in chain(*families):
        process.cpu_percent()
    time.sleep(seconds)
    return [float(sum(process.cpu_percent() for process in family)) for family in families]


def first_frame(trace: Path, started: float) -> float:
    """Seconds from the start of a terminal's or a board's process to the first frame that it drew
    itself. Raises ValueError where it drew none."""
    frames = (m for m in read_marks(trace) if m["what"] in FRAMES)
    after = (float(m["monotonic"]) - started for m in frames)
    return min(seconds for seconds in after if seconds > 0)


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _pss(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended in between
        return float(process.memory_full_info().pss)
    return 0.0
