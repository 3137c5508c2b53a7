"""The ledger's end of making cards, by hand.

port = HandMaking()
port.told(CardOrder(...))          # the ledger answers what is ordered
port.say(Progress(step=2))         # the card went on
"""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.cards.making import Progress
from linli.sync.card_asks import CardOrder


class HandMaking:
    """`making` is the order that a card is awaited for."""

    def __init__(self) -> None:
        self.making: str | None = None
        self._asked: list[Callable[[tuple[CardOrder, ...] | None], None]] = []
        self._tell: Callable[[Progress], None] | None = None

    def orders(self, then: Callable[[tuple[CardOrder, ...] | None], None]) -> None:
        self._asked.append(then)

    def make(self, order: str, tell: Callable[[Progress], None]) -> None:
        self.making, self._tell = order, tell

    def stop(self) -> None:
        self.making = None

    def told(self, *orders: CardOrder, reached: bool = True) -> None:
        """Answers the question asked first of those that wait."""
        self._asked.pop(0)(orders if reached else None)

    def say(self, progress: Progress) -> None:
        assert self._tell is not None
        self._tell(progress)
