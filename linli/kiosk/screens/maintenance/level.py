"""Louder or softer, brighter or darker; and what is asked before a restart or an end of service."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.maintenance_views import (
    AskRestart,
    AskService,
    ChangeLevel,
    Level,
    Restart,
    Serve,
)
from linli.kiosk.screens.maintenance import phrases
from linli.kiosk.screens.visit.buttons import Offer, OfferButton, OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, SOFT, Look
from linli.kiosk.theme.widgets import Bar
from linli.kiosk.theme.words import Words

STEP = 10
SIGN = ("hero", "title", "heading")
"""One sign has to fill a wide button."""
VALUE, BAR, BUTTONS, NOTE, BETWEEN = 190, 32, 120, 88, 36
"""Heights, and what is between."""


class LevelScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._value = Text(INK, PAPER, bold=True, align="center")
        self._note = Text(SOFT, PAPER, align="center", valign="top", max_lines=3)
        self._bar = Bar()
        self._less, self._more = OfferButton(on_act), OfferButton(on_act)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Level, seconds: int | None) -> None:
        self.box(rect)
        title, value = phrases.level(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(84), look.px(16))
        self._title.put(head, title, look.type("title", "heading"))
        note = phrases.level_note(view, self._words)
        knobs = [] if view.percent is None else [BAR, BUTTONS]
        lines = NOTE * 1.5 if look.large else NOTE
        heights = [VALUE, *knobs, *([lines] if note else [])]
        places = iter(_stacked(body, [look.px(height) for height in heights], look.px(BETWEEN)))
        self._value.put(next(places), value, look.type("figure", "display", "hero", "title"))
        shown: list[Part] = [self._title, self._value]
        if view.percent is not None:
            self._bar.put(next(places).inset(look.px(80), 0), view.percent / 100)
            less, more = next(places).inset(look.px(80), 0).columns(2, look.px(48))
            self._less.offer(less, look, Offer("−", ChangeLevel(-STEP)), SIGN)
            self._more.offer(more, look, Offer("+", ChangeLevel(STEP)), SIGN)
            shown += [self._bar, self._less, self._more]
        if note:
            self._note.put(next(places), note, look.type("body", "small"))
            shown.append(self._note)
        self.foot.put(foot, look, seconds)
        self.only([*shown, self.foot])


def _stacked(body: Rect, heights: list[float], gap: float) -> list[Rect]:
    """One below the other in the middle, all a little lower where there is no room."""
    whole = sum(heights) + gap * (len(heights) - 1)
    fit = min(1.0, body.h / whole)
    rest, places = body.centred(body.w, whole * fit), []
    for height in heights:
        place, rest = rest.cut_top(height * fit, gap * fit)
        places.append(place)
    return places


class QuestionScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("restart")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=2)
        self._sentence = Text(SOFT, PAPER, valign="top", max_lines=3)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(
        self, rect: Rect, look: Look, view: AskRestart | AskService, seconds: int | None
    ) -> None:
        self.box(rect)
        drawing, headline, sentence, offers = self._said(view)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        side = look.px(260)
        if look.portrait:
            block = body.centred(body.w, min(body.h, look.px(800)))
            place, text = block.cut_top(side, look.px(40))
        else:
            place, text = body.cut_left(side, look.px(56))
        self._drawing.put(place.centred(side, side), drawing)
        upper, lower = text.cut_top(text.h * 0.5, look.px(18))
        self._headline.put(upper, headline, look.type("hero", "title", "heading"))
        self._sentence.put(lower, sentence, look.type("strong", "body", "small"))
        self.foot.put(foot, look, seconds, offers)
        self.only([self._drawing, self._headline, self._sentence, self.foot])

    def _said(self, view: AskRestart | AskService) -> tuple[str, str, str, tuple[Offer, ...]]:
        """The drawing, the headline, the sentence, and what can be done."""
        match view:
            case AskRestart(under_way):
                offer = Offer(self._words("Restart"), Restart(), main=True)
                offers = () if under_way else (offer,)
                return "restart", *phrases.restart(view, self._words), offers
            case AskService(out):
                label = self._words("Back in service") if out else self._words("Out of service")
                offer = Offer(label, Serve(again=out), main=True)
                return "wrench", *phrases.service(view, self._words), (offer,)
