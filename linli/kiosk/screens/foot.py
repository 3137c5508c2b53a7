"""The foot of a screen: what happens next, and the way back with its countdown."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import INK, PAPER, RADIUS_BUTTON, RED, Look
from linli.kiosk.theme.widgets import Part, PushButton, Text, width_of
from linli.kiosk.theme.words import Words


class Foot(Part):
    def __init__(self, words: Words, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._hint = Text(INK, PAPER, max_lines=3, strong=RED)
        self._button = PushButton(on_home)
        self._look: Look | None = None

    @staticmethod
    def height_for(look: Look, hint: str = "") -> float:
        """In portrait the hint stands above the button."""
        button = look.px(108 if look.large else 96)
        if look.portrait and hint:
            rows = 3 if "\n" in hint else 2
            return button + look.px(12) + rows * line_height(look.type("body")[0])
        return button

    def put(self, rect: Rect, look: Look, hint: str, seconds: int | None) -> None:
        self.box(rect)
        self._look = look
        if look.portrait:
            self._place, above = rect.cut_bottom(self.height_for(look), look.px(12))
        else:
            wide = width_of(self._label(88), look.type("strong")[0], bold=True) + look.px(88)
            self._place, above = rect.cut_right(max(wide, look.px(200)), look.px(32))
        if hint:
            self._hint.put(above, hint, look.type("body", "small"))
        self.only([self._hint, self._button] if hint else [self._button])
        self.count(seconds)

    def count(self, seconds: int | None) -> None:
        """The only thing on a screen that changes by itself, once a second."""
        if self._look is not None:
            radius = self._look.px(RADIUS_BUTTON)
            self._button.say(self._place, radius, self._label(seconds), self._look.type("strong"))

    def _label(self, seconds: int | None) -> str:
        if seconds is None:
            return self._words("Return")
        return self._words.n("Return {n}", "Return {n}", seconds)
