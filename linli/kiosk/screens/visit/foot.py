"""The foot of a visit's screen: a hint, what can be done, and the ways back."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import Back
from linli.kiosk.screens.visit.buttons import Offer, OfferButton, OnAct
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import GAP, INK, PAPER, RADIUS_BUTTON, RED, Look
from linli.kiosk.theme.widgets import PushButton
from linli.kiosk.theme.words import Words

MOST = 3


class VisitFoot(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._hint = Text(INK, PAPER, max_lines=2, strong=RED)
        self._buttons = [OfferButton(on_act) for _ in range(MOST + 1)]
        self._home = PushButton(on_home)
        self._look: Look | None = None
        self._place = Rect(0, 0, 0, 0)

    @staticmethod
    def height_for(look: Look, hint: str = "") -> float:
        """In portrait the hint stands above the buttons."""
        button = look.px(108 if look.large else 96)
        if look.portrait and hint:
            return button + look.px(12) + 2 * line_height(look.type("body")[0])
        return button

    def put(
        self,
        rect: Rect,
        look: Look,
        seconds: int | None,
        offers: tuple[Offer, ...] = (),
        *,
        hint: str = "",
        back: bool = True,
    ) -> None:
        """`offers` stand left of the ways back, the first one leftmost."""
        self.box(rect)
        self._look = look
        if back:
            offers = (*offers, Offer(self._words("Back"), Back()))
        if look.portrait:
            row, above = rect.cut_bottom(self.height_for(look), look.px(12))
            *places, self._place = row.columns(len(offers) + 1, look.px(16))
        else:
            self._place, above = rect.cut_right(self._home_width(look), look.px(GAP))
            places = []
            for offer in reversed(offers):
                wide = OfferButton.width_for(look, offer.label)
                place, above = above.cut_right(wide, look.px(GAP))
                places.insert(0, place)
        used = self._buttons[: len(offers)]
        for button, offer, place in zip(used, offers, places, strict=True):
            button.offer(place, look, offer)
        if hint:
            self._hint.put(above, hint, look.type("body", "small"))
        self.only([*([self._hint] if hint else []), *used, self._home])
        self.count(seconds)

    def count(self, seconds: int | None) -> None:
        """The only thing on a screen that changes by itself, once a second."""
        if self._look is not None:
            label, radius = self._label(seconds), self._look.px(RADIUS_BUTTON)
            self._home.say(self._place, radius, label, self._look.type("strong", "body", "small"))

    def _home_width(self, look: Look) -> float:
        wide = width_of(self._label(88), look.type("strong")[0], bold=True)
        return max(wide + look.px(56), look.px(200))

    def _label(self, seconds: int | None) -> str:
        if seconds is None:
            return self._words("Home")
        return self._words.n("Home {n}", "Home {n}", seconds)
