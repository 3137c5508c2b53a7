"""The room of the maintainer's menu where cards are made.

| on           | what                     | leads to                                       |
|--------------|--------------------------|------------------------------------------------|
| the orders   | one is touched           | lay the card there                             |
| the making   | the ledger's next step   | how far it is                                  |
| the making   | made, or what is wrong   | that; the same card or another is tried again  |
| the making   | back                     | the orders, asked for anew                     |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from linli.devices.readers.base import CardSeen, Chip
from linli.kiosk.cards.making import Progress
from linli.kiosk.flows.card_making_views import (
    ORDERS_SHOWN,
    CardMakingView,
    CardsToMake,
    Making,
    MakingCard,
    OrderedCard,
)
from linli.sync.card_asks import CardOrder

STATE_OF = {
    "card-torn": Making.TORN,
    "talk-over": Making.TORN,
    "card-chip": Making.OTHER_CHIP,
    "card-taken": Making.TAKEN,
    "card-other": Making.NOT_THIS,
    "card-keys": Making.FOREIGN,
    "card-locked": Making.LOCKED,
    "card-failed": Making.FAILED,
    "order-gone": Making.ORDER_GONE,
    "account": Making.ORDER_GONE,
}
"""Of the ledger's reasons; any other is a failure."""


class MakingPort(Protocol):
    """`cards.making.CardMaking`."""

    def orders(self, then: Callable[[tuple[CardOrder, ...] | None], None]) -> None: ...

    def make(self, order: str, tell: Callable[[Progress], None]) -> None: ...

    def stop(self) -> None: ...


class CardRoom:
    """`later` has something done in the attendant's thread, `touched` keeps the menu awake."""

    def __init__(
        self,
        port: MakingPort,
        later: Callable[[Callable[[], None]], None],
        touched: Callable[[], None],
    ) -> None:
        self._port, self._later, self._touched = port, later, touched
        self.view: CardMakingView | None = None
        self._turn = 0

    def enter(self) -> None:
        """The orders, as soon as the ledger tells them."""
        self._turn += 1
        turn = self._turn
        self._port.stop()
        self.view = CardsToMake()
        self._port.orders(lambda orders: self._later(lambda: self._told(turn, orders)))

    def leave(self) -> None:
        self._turn += 1
        self._port.stop()
        self.view = None

    def back(self) -> bool:
        """False where it leads out of the room."""
        if isinstance(self.view, MakingCard):
            self.enter()
            return True
        self.leave()
        return False

    def make(self, id_: str) -> None:
        orders = self.view.orders if isinstance(self.view, CardsToMake) else None
        order = next((one for one in orders or () if one.id == id_), None)
        if order is None:
            return
        self._turn += 1
        turn = self._turn
        self.view = MakingCard(order)
        self._port.make(id_, lambda progress: self._later(lambda: self._went_on(turn, progress)))

    def tapped(self, seen: CardSeen) -> None:
        """A card that cannot be spoken with at all."""
        plain = seen.chip is not Chip.ISO_DEP or seen.random_uid
        if isinstance(self.view, MakingCard) and plain and self.view.state is not Making.MADE:
            self.view = replace(self.view, state=Making.OTHER_CHIP, step=0)

    def _told(self, turn: int, orders: tuple[CardOrder, ...] | None) -> None:
        if turn != self._turn:
            return
        if orders is None:
            self.view = CardsToMake((), reached=False)
            return
        shown = tuple(OrderedCard(o.id, o.card, o.name, o.begun) for o in orders[:ORDERS_SHOWN])
        self.view = CardsToMake(shown, more=len(orders) - len(shown))

    def _went_on(self, turn: int, progress: Progress) -> None:
        if turn != self._turn or not isinstance(self.view, MakingCard):
            return
        self._touched()
        if not progress.over:
            self.view = replace(self.view, state=Making.WRITING, step=progress.step)
        elif progress.made is not None:
            self.view = replace(self.view, state=Making.MADE)
        elif progress.reason:
            state = STATE_OF.get(progress.reason, Making.FAILED)
            self.view = replace(self.view, state=state, step=0)
        else:
            self.view = replace(self.view, state=Making.NOT_REACHED, step=0)
