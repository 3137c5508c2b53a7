"""One visit: where somebody is, and where a touch, a tap or an answer takes them.

| on                | what                         | leads to                                     |
|-------------------|------------------------------|----------------------------------------------|
| a card is asked   | the tap                      | the points, or the ware that was touched     |
| points            | a deed · older · newer       | the deed · other deeds                       |
| a deed            | check · object               | the proof · which complaint                  |
| services          | phone · name · PIN · loss    | a code · a question · the pad                |
| the pad           | digits                       | the next pad, or waiting for the ledger      |
| shop              | a ware                       | the ware, or a card is asked for             |
| a ware            | redeem                       | the pad where a PIN is needed, then progress |
| anything          | back                         | the screen before                            |

It owns no thread: answers are brought back by `later`, and only taken by the page that asked.
Nothing of it is kept when it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.views import Trouble
from linli.kiosk.flows.visit_views import Hindrance, Module, PadFor, PadTrouble
from linli.kiosk.store.store import NotSavedError
from linli.kiosk.visits import deeds, pads, pages, redeeming, settling
from linli.kiosk.visits.desk import Desk, Progress
from linli.kiosk.visits.pages import Page
from linli.kiosk.visits.trail import Trail
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Answer, Ask
from linli.sync.periods import business_day

Later = Callable[[Callable[[], None]], None]
"""Has something done in the attendant's thread, from whatever thread."""


class Visit:
    """`trouble` is why no phone is linked: the attendant's own screens say it."""

    def __init__(
        self, desk: Desk, first: Page, later: Later, visitor: Visitor | None = None
    ) -> None:
        self.desk = desk
        self.trail = Trail(first)
        self.visitor = visitor
        self.progress: Progress | None = None
        self.trouble: Trouble | None = None
        self._later = later
        self._turn = 0

    @property
    def page(self) -> Page:
        return self.trail.page

    @property
    def busy(self) -> bool:
        """A redemption is under way: it is not left, and nobody else's tap ends it."""
        return self.progress is not None and self.progress.ended is None

    def tapped(self, visitor: Visitor) -> bool:
        """Whether the tap was what this visit waited for."""
        page = self.page
        if not isinstance(page, pages.CardPage):
            return False
        self.visitor = visitor
        month = business_day(self.desk.clock.now()).replace(day=1)
        self.trail.turn_to(pages.WarePage(page.ware) if page.ware else pages.PointsPage(month))
        return True

    def act(self, action: Action) -> None:
        """A touch. One that has no meaning on this page is left alone."""
        if self.busy:
            return
        try:
            if not self._move(action) and not self._browse(action) and self.visitor is not None:
                self._act_for(self.visitor, action)
        except NotSavedError:
            self.trail.go(pages.HinderPage(Hindrance.NOT_SAVED))

    def _move(self, action: Action) -> bool:
        """What everybody can do anywhere."""
        match action, self.page:
            case actions.Back(), _:
                self.trail.back()
            case actions.ShowShop(), _:
                self.trail.go(pages.ShopPage())
            case actions.ReportLoss(), _:
                settling.report_loss(self)
            case actions.Typed(digits), pages.PadPage() as page:
                pads.typed(self, page, digits)
            case _:
                return False
        return True

    def _browse(self, action: Action) -> bool:
        """What everybody can do in the shop and the news."""
        match action, self.page:
            case actions.ShowNews(id_), pages.NewsPage():
                self.trail.go(pages.NewsItemPage(id_))
            case actions.TurnPage(by), pages.NewsItemPage() as page:
                self.trail.turn_to(replace(page, page=max(0, page.page + by)))
            case actions.TurnPage(by), pages.ShopPage() as page:
                self.trail.turn_to(replace(page, page=max(0, page.page + by)))
            case actions.OnlyWithin(only), pages.ShopPage():
                self.trail.turn_to(pages.ShopPage(only_within=only))
            case actions.ShowWare(id_), pages.ShopPage():
                known = self.visitor is not None
                self.trail.go(pages.WarePage(id_) if known else pages.CardPage(Module.SHOP, id_))
            case _:
                return False
        return True

    def _act_for(self, visitor: Visitor, action: Action) -> None:
        """What only somebody who tapped can do."""
        match action, self.page:
            case actions.ShowServices(), _:
                self.trail.go(pages.ServicesPage())
            case _, pages.PointsPage() | pages.DeedPage() | pages.ObjectPage():
                deeds.act(self, visitor, action)
            case actions.Redeem(), pages.WarePage(ware):
                redeeming.redeem(self, visitor, ware)
            case actions.ShowVouchers() | actions.ShowVoucher(), _:
                redeeming.look_again(self, visitor, action)
            case _, pages.ServicesPage() | pages.ConsentPage():
                settling.act(self, visitor, action)
            case _:
                pass

    # --- for the matters of a visit ----------------------------------------------------------

    def pad(
        self,
        for_: PadFor,
        typed: tuple[str, ...] = (),
        trouble: PadTrouble | None = None,
        tries: int | None = None,
    ) -> None:
        """Digits are asked for, from an empty pad."""
        self._turn += 1
        self.trail.pad(pages.PadPage(for_, self._turn, trouble, tries, typed))

    def ask_and_wait(self, ask: Ask, answered: Callable[[Answer | None], None]) -> None:
        waiting = pages.WaitPage()
        self.trail.turn_to(waiting)
        self.ask(ask, waiting, answered)

    def ask(self, ask: Ask, waiting: Page, answered: Callable[[Answer | None], None]) -> None:
        """`answered` is only called while the page that waits is still there."""
        if self.desk.asks is None:
            answered(None)
            return

        def back_here(answer: Answer | None) -> None:
            if self.page is waiting:
                answered(answer)

        self.desk.asks.post(ask, lambda answer: self.later(lambda: back_here(answer)))

    def later(self, act: Callable[[], None]) -> None:
        self._later(act)
