"""What a visit has at hand: what is known here, whom it may ask, where it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from linli.kiosk.flows.shop_views import Phase, Redeemed, WareCard
from linli.kiosk.phone_links import PhoneLinks
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.visits.news import CommunityNews
from linli.kiosk.visits.own_points import OwnPoints
from linli.kiosk.visits.shelf import Shelf
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Answer, Ask
from linli.sync.clock import Clock
from linli.sync.record.keys import NoteKey
from linli.sync.replica import Replica


class Asks(Protocol):
    """Asks the ledger on a thread of its own."""

    def post(self, ask: Ask, then: Callable[[Answer | None], None]) -> None:
        """`then` is told the answer, or None where the ledger was not reached."""


@dataclass(frozen=True)
class Progress:
    """How far a redemption is, and `ended` once it is over."""

    title: str
    phase: Phase
    door: int | None = None
    ended: Redeemed | None = None
    declined: str = ""
    """Why nothing was redeemed: a word of `sync.asks.REASONS`, or of `visits.reasons`."""
    count: int = 0
    """A number that goes with it: the points that could be spent without the network."""
    tries: int | None = None


class Till(Protocol):
    """Redeems, safely against whatever happens meanwhile."""

    def held(self, account: str) -> int:
        """What leases here hold of somebody's points."""

    def tapped(self, visitor: Visitor) -> None:
        """Somebody tapped: perhaps it is time to hold some of their points here."""

    def vouchers(self, visitor: Visitor) -> tuple[Redeemed, ...]:
        """Codes that were paid for lately, to be shown once more."""

    def shown(self, visitor: Visitor, code: str) -> None:
        """One of them is on the screen."""

    def pin_needed(self, visitor: Visitor, ware: WareCard) -> bool: ...

    def obstacle(self, visitor: Visitor, ware: WareCard) -> Progress | None:
        """Why it could not be had with the right PIN either, as far as is known here: `declined`
        as of a redemption."""

    def redeem(
        self,
        visitor: Visitor,
        ware: WareCard,
        pin: str | None,
        tell: Callable[[Progress], None],
    ) -> None:
        """Returns at once; `tell` is called from another thread."""


@dataclass
class Desk:
    """`asks`, `till` and `links` are None where this terminal has no such thing. `online` tells
    whether the network is there."""

    replica: Replica
    store: TerminalStore
    clock: Clock
    points: OwnPoints
    news: CommunityNews
    shelf: Shelf
    online: Callable[[], bool]
    asks: Asks | None = None
    till: Till | None = None
    links: PhoneLinks | None = None
    record_key: NoteKey | None = None
    consents: dict[str, bool] = field(default_factory=dict)
    """What was said here and the feed has not told yet."""

    @classmethod
    def alone(
        cls, replica: Replica, store: TerminalStore, clock: Clock, place: str, centre: str
    ) -> Desk:
        """Of a terminal that asks nobody and gives nothing out."""
        return cls(
            replica=replica,
            store=store,
            clock=clock,
            points=OwnPoints(replica, place, held=lambda _: 0),
            news=CommunityNews(replica, place),
            shelf=Shelf(replica, centre, doors=list),
            online=lambda: False,
        )
