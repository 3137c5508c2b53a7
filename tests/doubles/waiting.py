"""Waiting for what another thread or process will do.

eventually(lambda: link.online)
"""

from __future__ import annotations

import time
from collections.abc import Callable

STEP_S = 0.005


def eventually(condition: Callable[[], object], within: float = 15.0) -> None:
    """Returns as soon as the condition holds. Fails the test if it does not within so many
    seconds; the limit is there to end a broken test, not to time a good one."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(STEP_S)


def stays(condition: Callable[[], object], for_: float = 0.3) -> None:
    """The condition holds now and goes on doing so for a moment."""
    deadline = time.monotonic() + for_
    while time.monotonic() < deadline:
        assert condition(), "it did not stay so"
        time.sleep(STEP_S)
