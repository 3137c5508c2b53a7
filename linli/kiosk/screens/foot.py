"""The foot of a screen: what happens next, the offer to see one's points, and the way back with its
countdown."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import GAP, INK, PAPER, RADIUS_BUTTON, RED, Look
from linli.kiosk.theme.widgets import PushButton
from linli.kiosk.theme.words import Words


class Foot(Part):
    """`on_more` is called by the button that `put(more=True)` shows."""

    def __init__(
        self,
        words: Words,
        on_home: Callable[[], None],
        on_more: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._words = words
        self._hint = Text(INK, PAPER, max_lines=3, strong=RED)
        self._button = PushButton(on_home)
        self._more = PushButton(on_more)
        self._look: Look | None = None

    @staticmethod
    def height_for(look: Look, hint: str = "", *, more: bool = False) -> float:
        """In portrait the hint stands above the buttons; in large type, beside two of them, it
        takes three lines."""
        button = look.px(108 if look.large else 96)
        if more and hint and look.large and not look.portrait:
            return max(button, 3 * line_height(look.type("small")[0]))
        if look.portrait and hint:
            rows = 3 if "\n" in hint else 2
            return button + look.px(12) + rows * line_height(look.type("body")[0])
        return button

    def put(
        self, rect: Rect, look: Look, hint: str, seconds: int | None, *, more: bool = False
    ) -> None:
        self.box(rect)
        self._look = look
        said = [self._words("My points")] if more else []
        if look.portrait:
            row, above = rect.cut_bottom(self.height_for(look), look.px(12))
            *beside, self._place = row.columns(len(said) + 1, look.px(GAP))
        else:
            air = look.px(56 if more else 88)
            self._place, above = rect.cut_right(self._wide(self._label(88), look, air), look.px(32))
            beside = []
            for text in said:
                place, above = above.cut_right(self._wide(text, look, air), look.px(32))
                beside.append(place)
        for place, text in zip(beside, said, strict=True):
            self._more.say(place, look.px(RADIUS_BUTTON), text, look.type("strong"))
        if hint:
            self._hint.put(above, hint, look.type("body", "small"))
        shown: list[Part] = [self._hint] if hint else []
        self.only([*shown, self._more, self._button] if more else [*shown, self._button])
        self.count(seconds)

    def _wide(self, label: str, look: Look, air: float) -> float:
        return max(width_of(label, look.type("strong")[0], bold=True) + air, look.px(200))

    def count(self, seconds: int | None) -> None:
        """The only thing on a screen that changes by itself, once a second."""
        if self._look is not None:
            radius = self._look.px(RADIUS_BUTTON)
            self._button.say(self._place, radius, self._label(seconds), self._look.type("strong"))

    def _label(self, seconds: int | None) -> str:
        if seconds is None:
            return self._words("Return")
        return self._words.n("Return {n}", "Return {n}", seconds)
