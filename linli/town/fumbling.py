"""Somebody touches whatever and lays down whatever card, by a seed: what no test thinks of."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linli.devices.simulated.cards import Ntag213, SimulatedCard
from linli.town.finger import Finger
from linli.town.town import Town

HELD_S, PAUSE_S = 0.008, 0.017
"""A finger's touch, and the time to the next."""
CARD_EVERY = 30
"""Touches to a card laid down, on average; it is lifted with the next one."""
UNKNOWN_EVERY = 10
"""Cards laid down to one that nobody knows, on average."""
COMPLAINTS = ("Traceback", "stumbled", "Fatal Python error")


@dataclass(frozen=True)
class Touch:
    """`at` is when the finger came down (monotonic seconds), `x` and `y` where: pixels from the
    upper left."""

    at: float
    x: int
    y: int


class Fumbler:
    """The same seed and town give the same touches and cards. `size` is the screen's."""

    def __init__(
        self,
        town: Town,
        finger: Finger,
        size: tuple[int, int],
        seed: int,
        paused: Callable[[float], None] = time.sleep,
    ) -> None:
        self._town, self._finger, self._size = town, finger, size
        self._random = random.Random(seed)
        self._paused = paused
        self._cards = [town.cards[account] for account in sorted(town.cards)]
        self._held = False

    def touch(self, times: int) -> list[Touch]:
        """No card is left lying there. Raises TownError where a program went away."""
        touches = []
        for number in range(times):
            self._lift_card()
            if self._random.randrange(CARD_EVERY) == 0:
                self._town.reader.field.place(self._card())
                self._held = True
            touches.append(self._touch())
            if number % 100 == 0:
                self._town.check_alive()
        self._town.reader.field.remove()
        self._held = False
        return touches

    def _touch(self) -> Touch:
        width, height = self._size
        x, y = self._random.randrange(width), self._random.randrange(height)
        at = time.monotonic()
        self._finger.press(x, y)
        self._paused(HELD_S)
        self._finger.lift()
        self._paused(PAUSE_S)
        return Touch(at, x, y)

    def _card(self) -> SimulatedCard:
        if self._random.randrange(UNKNOWN_EVERY) == 0:
            return Ntag213(b"\x04" + self._random.randbytes(6))
        return self._random.choice(self._cards)

    def _lift_card(self) -> None:
        """The reader sees a card within a tenth of a second: it stays for some touches."""
        if self._held and self._random.randrange(10) == 0:
            self._town.reader.field.remove()
            self._held = False


def complaints(log: Path) -> list[str]:
    """Lines in a program's log that tell of an exception, expected or not."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if any(word in line for word in COMPLAINTS)]
