"""What somebody has to say to all who come, beside the invitation, in both languages."""

from __future__ import annotations

from linli.kiosk.flows.afar_views import Notice
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import Fitted, fit, runs
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import PAD, Text, measure
from linli.kiosk.theme.tokens import GOLD_LINE, GOLD_SOFT, INK, RADIUS_CARD, Look
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

LINES = ((4, 3), (4, 2), (3, 2), (3, 1), (2, 1), (1, 1))
"""How many there may be of the terminal's own language and of the other, where there is room."""
SIZES = ("body", "small")
SIDE, MARGIN_X, MARGIN_Y, BETWEEN = 64, 24, 14, 4


class NoticeBand(Panel):
    def __init__(self, words: Words) -> None:
        super().__init__(GOLD_SOFT, GOLD_LINE)
        self._chinese = words.language.startswith("zh")
        self._mark = Drawing("sound", GOLD_SOFT)
        self._first = Text(INK, GOLD_SOFT, bold=True)
        self._second = Text(INK, GOLD_SOFT)
        self._own = self._other = ""
        self._fitted = (Fitted((), 0), Fitted((), 0))

    def fit(self, look: Look, width: float, room: float, notice: Notice) -> float:
        """As high as its words need in that width, within `room` where they can be so short."""
        self._own, self._other = self._said(notice)
        for lines in LINES:
            self._fitted = self._lines(look, width, lines)
            first, second = self._fitted
            words = first.height + (second.height + look.px(BETWEEN) if second.lines else 0)
            high = max(words, look.px(SIDE)) + 2 * look.px(MARGIN_Y) + 2
            if high <= room:
                break
        return float(round(high))

    def put_notice(self, rect: Rect, look: Look) -> None:
        """What was fitted."""
        self.put(rect, look.px(RADIUS_CARD))
        first, second = self._fitted
        inner = rect.inset(look.px(MARGIN_X), look.px(MARGIN_Y))
        mark, text = inner.cut_left(look.px(SIDE), look.px(MARGIN_X))
        self._mark.put(mark.centred(look.px(SIDE), look.px(SIDE)))
        shown: list[Part] = [self._mark, self._first]
        if self._other:
            below, text = text.cut_bottom(second.height + 1, look.px(BETWEEN))
            self._second.put(below, self._other, (second.size,), len(second.lines))
            shown.append(self._second)
        self._first.put(text, self._own, (first.size,), len(first.lines))
        self.only(shown)

    def _said(self, notice: Notice) -> tuple[str, str]:
        """In the terminal's own language, and in the other; the second is empty where there are
        words in one language only."""
        own, other = (notice.zh, notice.en) if self._chinese else (notice.en, notice.zh)
        return (own, other) if own else (other, "")

    def _lines(self, look: Look, width: float, most: tuple[int, int]) -> tuple[Fitted, Fitted]:
        room = width - look.px(SIDE) - 3 * look.px(MARGIN_X) - 2 * PAD
        sizes, endless = look.type(*SIZES), look.px(10_000)
        first = fit(runs(self._own, bold=True), room, endless, sizes, measure, most[0])
        second = fit(runs(self._other), room, endless, sizes[-1:], measure, most[1])
        return first, second
