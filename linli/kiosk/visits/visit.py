"""One visit: where somebody is, what they asked, and what they wait for.

It owns no thread: answers are brought back by `later`, and only taken by the page that asked.
Nothing of it is kept when it ends. Where a touch leads is decided in `acting.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.views import Trouble
from linli.kiosk.flows.visit_views import PadFor, PadTrouble
from linli.kiosk.visits import pages
from linli.kiosk.visits.desk import Desk, Progress
from linli.kiosk.visits.pages import Page
from linli.kiosk.visits.trail import Trail
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Answer, Ask
from linli.sync.periods import business_day

SILENT_S = 180.0
"""A redemption goes on far sooner: its door, its slip and its ledger have time-outs."""
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
        self._moved_at = 0.0
        self.trouble: Trouble | None = None
        self._later = later
        self._turn = 0

    @property
    def page(self) -> Page:
        return self.trail.page

    @property
    def busy(self) -> bool:
        """A redemption is under way, from the touch on: it is not left, and nobody else's tap ends
        it. One of which nothing is heard for very long holds up nobody any more."""
        under_way = self.progress is not None and self.progress.ended is None
        return under_way and self.desk.clock.monotonic() < self._moved_at + SILENT_S

    def progressed(self, progress: Progress | None) -> None:
        """How far a redemption is; None where nothing was redeemed."""
        if progress != self.progress:
            self._moved_at = self.desk.clock.monotonic()
        self.progress = progress

    def tapped(self, visitor: Visitor) -> bool:
        """Whether the tap was what this visit waited for."""
        page = self.page
        if not isinstance(page, pages.CardPage):
            return False
        self.visitor = visitor
        month = business_day(self.desk.clock.now()).replace(day=1)
        self.trail.turn_to(pages.WarePage(page.ware) if page.ware else pages.PointsPage(month))
        return True

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
