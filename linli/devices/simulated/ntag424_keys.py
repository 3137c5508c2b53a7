"""The five keys of a simulated NTAG 424 DNA and what guards them (NT4H2421Gx, 9.1.5, 8.2.3.4).

Fifty wrong proofs in a row put a key into a delay; a thousand, each good one taking ten back, lock
it for good. Both counts survive without power and end when the key is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.cards.ntag424 import FACTORY_KEY, KEYS

IN_A_ROW, IN_ALL, FORGIVEN = 50, 1000, 10
DELAYED = 10
"""Attempts that are refused while a key is in its delay: the chip has no clock, it counts."""


@dataclass
class Slot:
    """One key with its version and its failures."""

    key: bytes = field(default=FACTORY_KEY, repr=False)
    version: int = 0
    in_a_row: int = 0
    in_all: int = 0
    delay: int = 0

    @property
    def locked(self) -> bool:
        return self.in_all >= IN_ALL

    def delayed(self) -> bool:
        """Whether this attempt only serves to wait."""
        if self.in_a_row < IN_A_ROW or not self.delay:
            return False
        self.delay -= 1
        return True

    def proved(self) -> None:
        self.in_a_row, self.in_all = 0, max(0, self.in_all - FORGIVEN)

    def failed(self) -> None:
        self.in_a_row, self.in_all = self.in_a_row + 1, self.in_all + 1
        if self.in_a_row >= IN_A_ROW:
            self.delay = DELAYED

    def change(self, key: bytes, version: int) -> None:
        self.key, self.version = key, version
        self.in_a_row = self.in_all = self.delay = 0


def factory_slots() -> list[Slot]:
    return [Slot() for _ in range(KEYS)]
