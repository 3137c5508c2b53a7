"""Several activities are open: which one? Large cards to touch."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.views import Choose
from linli.kiosk.screens import phrases
from linli.kiosk.screens.activity import ActivityButton
from linli.kiosk.screens.foot import Foot
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import INK, PAPER, Look
from linli.kiosk.theme.words import Words

MOST = 8


class ChooseScreen(Part):
    def __init__(
        self, words: Words, on_choose: Callable[[str], None], on_home: Callable[[], None]
    ) -> None:
        super().__init__()
        self._words = words
        self._greeting = Text(INK, PAPER, bold=True, max_lines=2)
        self._cards = [ActivityButton(words, on_choose) for _ in range(MOST)]
        self.foot = Foot(words, on_home)

    def put(self, rect: Rect, look: Look, view: Choose, seconds: int | None) -> None:
        self.box(rect)
        hint = self._words("Touch the activity you came for.")
        foot, rest = rect.cut_bottom(Foot.height_for(look, hint), look.px(20))
        head, body = rest.cut_top(look.px(160 if look.portrait else 96), look.px(12))
        self._greeting.put(head, phrases.greeting(view, self._words), look.type("title", "heading"))
        options = view.options[:MOST]
        used = self._cards[: len(options)]
        for card, option, place in zip(
            used, options, places(body, len(options), look), strict=True
        ):
            card.put_card(place, look, option, says_now=False)
        self.foot.put(foot, look, hint, seconds)
        self.only([self._greeting, *used, self.foot])


def places(rect: Rect, n: int, look: Look) -> list[Rect]:
    """One column while there is room for large cards, then two."""
    gap = look.px(16)
    if look.portrait or n <= 3:
        return rect.rows(n, gap, look.px(220))
    grid = [row.columns(2, gap) for row in rect.rows((n + 1) // 2, gap, look.px(220))]
    return [cell for row in grid for cell in row][:n]
