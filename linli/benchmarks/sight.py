"""What a virtual screen shows, read from its server: how long a program takes until there is
something to read, the same way for every program."""

from __future__ import annotations

import mmap
import struct
import time
from collections import Counter
from pathlib import Path

STRIDE = 4 * 37
"""Bytes between the pixels that are looked at: one of each, in all columns."""
LOOK_S = 0.005
NOTHING_S = 60.0
SETTLED_S = 7.0
"""What is shown so long after the start is what was to be shown."""
MEANINGFUL = 0.9
"""Of what stands out from the ground, the part that must be there."""


class Sight:
    """`directory` is where a `VirtualDisplay` lets its picture be read."""

    def __init__(self, directory: Path) -> None:
        with (directory / "Xvfb_screen0").open("rb") as file:
            self._picture = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # XWD: the header's size first, the number of colours (12 bytes each) twentieth.
        words = struct.unpack(">25I", self._picture[:100])
        self._first = words[0] + 12 * words[19]

    def close(self) -> None:
        self._picture.close()

    def look(self) -> bytes:
        """One byte of every so many pixels, in all columns."""
        return self._picture[self._first :: STRIDE]

    def meaningful_after(self, started: float) -> float:
        """Seconds from `started` (monotonic) until the picture is nearly as it is at the end.

        Raises TimeoutError where nothing was to be seen for a minute."""
        seen: list[tuple[float, bytes]] = []
        while time.monotonic() < started + SETTLED_S or _is_plain(seen[-1][1]):
            if time.monotonic() > started + NOTHING_S:
                raise TimeoutError("the program has drawn nothing")
            now = self.look()
            if not seen or now != seen[-1][1]:
                seen.append((time.monotonic() - started, now))
            time.sleep(LOOK_S)
        settled = seen[-1][1]
        ground = Counter(settled).most_common(1)[0][0]
        ink = [place for place, value in enumerate(settled) if value != ground]
        return next(at for at, picture in seen if _share(picture, settled, ink) >= MEANINGFUL)


def _is_plain(picture: bytes) -> bool:
    """A ground and nothing on it: on a busy machine a program may take longer to begin."""
    return picture.count(picture[0]) == len(picture)


def _share(picture: bytes, settled: bytes, ink: list[int]) -> float:
    return sum(picture[place] == settled[place] for place in ink) / max(1, len(ink))
