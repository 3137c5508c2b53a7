"""Where somebody is in their visit: one small value a screen. What it shows is read when it is
shown (`showing.py`), so that what changes meanwhile is seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from linli.kiosk.flows.shop_views import Redeemed
from linli.kiosk.flows.visit_views import Hindrance, Module, Outcome, PadFor, PadTrouble, Proof


@dataclass(frozen=True)
class RestPage:
    """The resting screen, from which something was begun that asks for no card: who comes back to
    it has left."""


@dataclass(frozen=True)
class CardPage:
    """A card is asked for; `ware` is what was touched in the shop."""

    module: Module
    ware: str = ""


@dataclass(frozen=True)
class PointsPage:
    """`month` is its first day; its deeds are on several pages, the newest on page 0."""

    month: dt.date
    page: int = 0


@dataclass(frozen=True)
class DeedPage:
    deed: str
    proof: Proof = Proof.NOT_ASKED
    place: int = 0
    size: int = 0


@dataclass(frozen=True)
class ObjectPage:
    deed: str


@dataclass(frozen=True)
class ServicesPage:
    pass


@dataclass(frozen=True)
class ConsentPage:
    pass


@dataclass(frozen=True)
class PhonePage:
    """The code that links a phone: `address` is what it says."""

    address: str = field(repr=False)


@dataclass(frozen=True)
class PadPage:
    """`typed` is what was typed on the pads before this one: a phone's number, an old PIN."""

    for_: PadFor
    turn: int
    trouble: PadTrouble | None = None
    tries: int | None = None
    typed: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class WaitPage:
    pass


@dataclass(frozen=True)
class TellPage:
    outcome: Outcome
    name: str = ""
    count: int = 0


@dataclass(frozen=True)
class HinderPage:
    hindrance: Hindrance
    count: int = 0


@dataclass(frozen=True)
class ShopPage:
    page: int = 0
    only_within: bool = False


@dataclass(frozen=True)
class WarePage:
    ware: str


@dataclass(frozen=True)
class VouchersPage:
    """Those that can be shown once more, as they were when it was opened; `shown` is the one in
    sight."""

    vouchers: tuple[Redeemed, ...] = field(repr=False)
    shown: int | None = None


@dataclass(frozen=True)
class NewsPage:
    pass


@dataclass(frozen=True)
class NewsItemPage:
    """`page` of its paragraphs, where it has many."""

    id: str
    page: int = 0


Page = (
    RestPage
    | CardPage
    | PointsPage
    | DeedPage
    | ObjectPage
    | ServicesPage
    | ConsentPage
    | PhonePage
    | PadPage
    | WaitPage
    | TellPage
    | HinderPage
    | ShopPage
    | WarePage
    | VouchersPage
    | NewsPage
    | NewsItemPage
)
