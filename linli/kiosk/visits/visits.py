"""The visits of one terminal, one after the other: begun, told what happens, and ended."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.shop_views import Redeemed, Redeeming
from linli.kiosk.flows.views import PhoneLink, Refused, Screen
from linli.kiosk.flows.visit_views import Hindered, Module, Told
from linli.kiosk.visits import pages
from linli.kiosk.visits.acting import act
from linli.kiosk.visits.desk import Desk
from linli.kiosk.visits.showing import Shown, view_of
from linli.kiosk.visits.visit import SILENT_S, Later, Visit
from linli.kiosk.visits.visitor import Visitor
from linli.sync.periods import business_day

IDLE_S, TOLD_S, REDEEMED_S, PHONE_S = 30.0, 12.0, 25.0, 60.0
"""Until home: where somebody may touch, where they only read, where they also take something."""
REDEEMING_S = SILENT_S + 5.0
"""Only where nothing was heard of it any more: no screen stays for ever."""


class Visits:
    def __init__(self, desk: Desk, later: Later) -> None:
        self._desk = desk
        self._later = later
        self._visit: Visit | None = None

    @property
    def begun(self) -> bool:
        return self._visit is not None

    @property
    def busy(self) -> bool:
        """Somebody redeems: whoever taps meanwhile has to wait."""
        return self._visit is not None and self._visit.busy

    def end(self) -> None:
        """Forgets the person, unless their redemption is still under way."""
        if not self.busy:
            self._visit = None

    def open(self, module: Module) -> Screen:
        """Somebody touched one of the resting screen's doors; nobody has tapped yet."""
        if (under_way := self._under_way()) is not None:
            return under_way
        first: dict[Module, pages.Page] = {
            Module.POINTS: pages.CardPage(Module.POINTS),
            Module.SHOP: pages.ShopPage(),
            Module.NEWS: pages.NewsPage(),
        }
        return self._begin(first[module], None)

    def begin_with(self, visitor: Visitor) -> Screen:
        """Their own points."""
        if (under_way := self._under_way()) is not None:
            return under_way
        month = business_day(self._desk.clock.now()).replace(day=1)
        return self._begin(pages.PointsPage(month), visitor)

    def seen(self, visitor: Visitor) -> None:
        """Somebody's card was accepted, whatever for."""
        if self._desk.till is not None:
            self._desk.till.tapped(visitor)

    def tapped(self, visitor: Visitor) -> Screen | None:
        """What the tap leads to; None where no visit waited for one."""
        if self._visit is None or not self._visit.tapped(visitor):
            return None
        return self.screen()

    def act(self, action: Action) -> Screen | None:
        """What a touch leads to; None where there is nobody to touch, or who was there has left."""
        if isinstance(action, actions.ReportLoss) and self._visit is None:
            self._visit = Visit(self._desk, pages.RestPage(), self._later)
        if self._visit is None:
            return None
        act(self._visit, action)
        if isinstance(self._visit.page, pages.RestPage):
            self.end()
            return None
        if self._visit.trouble is not None:
            trouble, self._visit.trouble = self._visit.trouble, None
            return Screen(Refused(trouble, self._name()), TOLD_S)
        return self.screen()

    def answered(self, came: Callable[[], None]) -> Screen | None:
        """An answer has come for somebody; None where nobody waits any more."""
        came()
        return self.screen() if self._visit is not None else None

    def screen(self) -> Screen | None:
        """What the visit shows now."""
        if self._visit is None:
            return None
        view = view_of(self._visit, self._desk)
        return Screen(view, _stay(view))

    def _under_way(self) -> Screen | None:
        """What somebody redeems is displaced by no touch."""
        return self.screen() if self.busy else None

    def _begin(self, first: pages.Page, visitor: Visitor | None) -> Screen:
        self._visit = Visit(self._desk, first, self._later, visitor)
        view = view_of(self._visit, self._desk)
        return Screen(view, _stay(view))

    def _name(self) -> str:
        visitor = self._visit.visitor if self._visit is not None else None
        return "" if visitor is None else visitor.holder.name


def _stay(view: Shown) -> float:
    match view:
        case Redeeming():
            return REDEEMING_S
        case Told() | Hindered():
            return TOLD_S
        case Redeemed():
            return REDEEMED_S
        case PhoneLink():
            return PHONE_S
        case _:
            return IDLE_S
