"""One clock for all programs of the simulated town, kept in a small shared file.

The file holds the difference between the town's wall time and this machine's monotonic clock, so
that a seeded day can jump from one tap to the next while time flows on normally in between.
"""

from __future__ import annotations

import datetime as dt
import mmap
import struct
import time
from pathlib import Path

from linli.sync.periods import SHANGHAI

OFFSET = struct.Struct("<d")


class TownClock:
    """A `Clock` (see sync/clock.py) on a shared file; `set` moves every program at once."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), OFFSET.size)

    @classmethod
    def create(cls, path: Path, now: dt.datetime) -> TownClock:
        path.write_bytes(bytes(OFFSET.size))
        clock = cls(path)
        clock.set(now)
        return clock

    def set(self, now: dt.datetime) -> None:
        OFFSET.pack_into(self._memory, 0, now.timestamp() - time.monotonic())

    def now(self) -> dt.datetime:
        (offset,) = OFFSET.unpack_from(self._memory, 0)
        return dt.datetime.fromtimestamp(offset + time.monotonic(), SHANGHAI)

    def monotonic(self) -> float:
        return time.monotonic()

    def good(self) -> bool:
        return True
