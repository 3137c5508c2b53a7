"""Words of terminals that wait in a line for the thread that keeps them."""

from __future__ import annotations

import contextlib
import queue
from typing import TypeVar

PATIENCE_S = 0.5
T = TypeVar("T")


def taken(line: queue.Queue[T], most: int) -> list[T]:
    """Those that wait, as far as they share a transaction; after half a second nothing."""
    some: list[T] = []
    with contextlib.suppress(queue.Empty):
        some.append(line.get(timeout=PATIENCE_S))
        while len(some) < most:
            some.append(line.get_nowait())
    return some
