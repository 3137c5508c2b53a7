"""Where a tap's time goes: one JSON line per mark, in a file the caller names.

All programs of one machine share CLOCK_MONOTONIC, so the marks of terminal and board compare.
"""

from __future__ import annotations

import json
import threading
from typing import TextIO


class Trace:
    """Marks go to `out`; without one they go nowhere."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._lock = threading.Lock()

    def mark(self, trace: str, what: str, monotonic: float, **facts: object) -> None:
        if self._out is None:
            return
        line = json.dumps({"trace": trace, "what": what, "monotonic": monotonic, **facts})
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()
