"""Waits for what another program of the town does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable

HEARD_S = 20.0
"""How long the ledger may take to hear of something."""


def eventually(holds: Callable[[], bool], within_s: float = HEARD_S) -> bool:
    """Whether it came to hold in time."""
    deadline = time.monotonic() + within_s
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held
