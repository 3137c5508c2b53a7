"""It did not work: one drawing, what it is, and what to do now."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.views import Refused
from linli.kiosk.screens.activity import ActivityRow
from linli.kiosk.screens.foot import Foot
from linli.kiosk.screens.trouble_phrases import TroubleWords, trouble
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, RED, SOFT, Look
from linli.kiosk.theme.words import Words

DRAWINGS = (
    "new-card",
    "lock",
    "twins",
    "warning",
    "again",
    "clock",
    "calendar",
    "tick",
    "door",
    "phone",
)


class TroubleScreen(Part):
    def __init__(
        self, words: Words, on_more: Callable[[str], None], on_home: Callable[[], None]
    ) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("warning")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=3)
        self._sentence = Text(INK, PAPER, valign="top", max_lines=3, strong=RED)
        self._next_title = Text(SOFT, PAPER, valign="bottom")
        self._next = ActivityRow(words)
        self._trace = ""
        self.foot = Foot(words, on_home, lambda: on_more(self._trace))

    def put(self, rect: Rect, look: Look, view: Refused, seconds: int | None) -> None:
        self.box(rect)
        self._trace = view.trace
        said = trouble(view, self._words)
        foot, body = rect.cut_bottom(Foot.height_for(look), look.px(GAP))
        shown: list[Part] = [self._drawing, self._headline, self._sentence]
        if said.following is not None:
            card, body = body.cut_bottom(look.px(172 if look.large else 150), look.px(8))
            self._next.put_card(card, look, said.following, says_now=True)
            shown.append(self._next)
            if said.next_title:
                title, body = body.cut_bottom(line_height(look.type("body")[0]), look.px(8))
                self._next_title.put(title, said.next_title, look.type("body"))
                shown.append(self._next_title)
        self._put_words(body, look, said)
        self.foot.put(foot, look, "", seconds, more=view.more)
        self.only([*shown, self.foot])

    def forget(self) -> None:
        super().forget()
        self._trace = ""

    def prepare(self) -> None:
        """All drawings, before somebody needs one at once."""
        self._drawing.prepare(DRAWINGS)

    def _put_words(self, rect: Rect, look: Look, said: TroubleWords) -> None:
        side = min(rect.h, look.px(260))
        if look.portrait:
            block = rect.centred(rect.w, min(rect.h, look.px(760)))
            drawing, text = block.cut_top(look.px(260), look.px(24))
            drawing = drawing.cut_left(look.px(260))[0]
        else:
            drawing, text = rect.cut_left(look.px(260), look.px(48))
            text = text.inset(0, look.px(8))
        self._drawing.put(drawing.centred(side, side), said.drawing)
        headline = look.type("hero", "title", "heading")
        sentence = look.type("heading", "strong", "body", "small")
        upper, lower = text.cut_top(text.h * 0.54, look.px(16))
        self._headline.put(upper, said.headline, headline, 2)
        self._sentence.put(lower, said.sentence, sentence)
