"""A USB keyboard wedge: it types a card's number and Enter, and knows nothing else of the card.

It types once per card, or again where the card flickers at the edge of its field: the same
number within a moment is the same tap.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.keyboard import Keyboard, grabbed
from linli.devices.line_listener import LineListener
from linli.devices.readers.activation import RANDOM_ID
from linli.devices.readers.base import CardSeen, Chip, Part, ReaderState
from linli.devices.readers.card_numbers import NumberFormat, UnreadableNumberError, uid_of

SAME_TAP_S = 0.3

Sink = Callable[[CardSeen | ReaderState], None]


class WedgeReader:
    """A `CardReader` (see base.py) at `path`, best one of /dev/input/by-id. What it types that is
    no card's number in its format is left out."""

    def __init__(
        self,
        name: str,
        path: Path,
        form: NumberFormat,
        monotonic: Callable[[], float] = time.monotonic,
        open_device: Callable[[Path], int] = grabbed,
    ) -> None:
        self.name = name
        self._form = form
        self._monotonic = monotonic
        self._listener = LineListener(
            f"reader {name}", lambda: Keyboard(path, open_device), self._heard, self._told
        )
        self._last: tuple[bytes, float] | None = None

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._listener.start()

    def close(self) -> None:
        self._listener.close()

    def _heard(self, line: str) -> None:
        at = self._monotonic()
        try:
            uid, part = uid_of(line, self._form)
        except UnreadableNumberError:
            return
        random = len(uid) == 4 and uid[0] == RANDOM_ID and part is not Part.LAST
        # A phone draws another number each time: one phone after another is the same card.
        last, self._last = self._last, (b"" if random else uid, at)
        if last is not None and last[0] == self._last[0] and 0 < at - last[1] < SAME_TAP_S:
            return
        self._sink(
            CardSeen(
                reader=self.name,
                uid=uid,
                chip=Chip.UNKNOWN,
                ndef=None,
                monotonic=at,
                random_uid=random,
                torn=False,
                part=part,
            )
        )

    def _told(self, up: bool, reason: str) -> None:
        self._last = None
        self._sink(ReaderState(self.name, up, reason))
