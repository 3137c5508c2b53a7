"""View states of making secure cards, in the maintainer's menu. Plain values, no words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ORDERS_SHOWN = 3
STEPS = 6
"""What the ledger answers for one card (`sync/card_asks.py`), for the bar."""


@dataclass(frozen=True)
class OrderedCard:
    """A clerk's order; `name` is masked. `begun`: a card was begun for it, and only that one can
    be finished."""

    id: str
    card: str
    name: str
    begun: bool = False


@dataclass(frozen=True)
class CardsToMake:
    """`orders` is None until the ledger answered; with `reached` false it did not. `more` are not
    shown: the oldest come first."""

    orders: tuple[OrderedCard, ...] | None = None
    reached: bool = True
    more: int = 0


class Making(StrEnum):
    """How far a card is, or what is wrong with the one that lies there."""

    WAITING = "waiting"
    WRITING = "writing"
    MADE = "made"
    TORN = "torn"
    OTHER_CHIP = "other-chip"
    TAKEN = "taken"
    NOT_THIS = "not-this"
    FOREIGN = "foreign"
    LOCKED = "locked"
    FAILED = "failed"
    ORDER_GONE = "order-gone"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True)
class MakingCard:
    """`step` of STEPS are done."""

    order: OrderedCard
    state: Making = Making.WAITING
    step: int = 0


CardMakingView = CardsToMake | MakingCard


@dataclass(frozen=True)
class MakeCard:
    """The order with this id."""

    id: str


CardMakingAction = MakeCard
