"""One thing said large: a card is asked for, something came about, or cannot be done."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import ReportLoss
from linli.kiosk.flows.visit_views import AskCard, Hindered, Module, Told, Waiting
from linli.kiosk.screens.told_places import told_places
from linli.kiosk.screens.visit import telling_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.screens.visit.hindrance_phrases import hindered
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, GREEN, INK, PAPER, RED, Look
from linli.kiosk.theme.words import Words

Tells = AskCard | Told | Hindered | Waiting


class TellingScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("tick")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=3)
        self._sentence = Text(INK, PAPER, valign="top", max_lines=3, strong=RED)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Tells, seconds: int | None) -> None:
        self.box(rect)
        said = self._said(view)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        places = told_places(body, look)
        self._drawing.put(places.drawing, said.drawing)
        self._headline.recolour(GREEN if said.good else INK, PAPER)
        self._headline.put(places.headline, said.headline, look.type("hero", "title", "heading"), 2)
        self._sentence.put(
            places.sentence, said.sentence, look.type("heading", "strong", "body", "small")
        )
        lost = isinstance(view, AskCard) and view.module is Module.POINTS
        offers = (Offer(self._words("My card is lost"), ReportLoss()),) if lost else ()
        self.foot.put(foot, look, seconds, offers, back=not isinstance(view, Waiting))
        self.only([self._drawing, self._headline, self._sentence, self.foot])

    def _said(self, view: Tells) -> phrases.Telling:
        match view:
            case AskCard():
                return phrases.ask_card(view, self._words)
            case Told():
                return phrases.told(view, self._words)
            case Hindered():
                return hindered(view, self._words)
            case Waiting():
                return phrases.waiting(view, self._words)
