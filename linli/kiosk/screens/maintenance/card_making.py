"""Cards that were ordered, and the one that is being made."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.card_making_views import (
    ORDERS_SHOWN,
    STEPS,
    CardsToMake,
    MakeCard,
    Making,
    MakingCard,
)
from linli.kiosk.screens.maintenance import card_phrases as phrases
from linli.kiosk.screens.visit.buttons import OnAct, RowButton
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, GREEN, INK, PAPER, SOFT, Look
from linli.kiosk.theme.widgets import Bar
from linli.kiosk.theme.words import Words


class CardsToMakeScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._note = Text(SOFT, PAPER, max_lines=3, valign="top")
        self._more = Text(SOFT, PAPER, align="right")
        self._rows = [RowButton(on_act) for _ in range(ORDERS_SHOWN)]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: CardsToMake, seconds: int | None) -> None:
        self.box(rect)
        title, note = phrases.cards_title(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(84), look.px(16))
        self._title.put(head, title, look.type("title", "heading"))
        orders = view.orders or ()
        shown: list[Part] = [self._title]
        if orders:
            self._more.put(head.cut_right(head.w * 0.5)[0], note, look.type("body", "small"))
            shown.append(self._more)
        else:
            self._note.put(body, note, look.type("strong", "body", "small"))
            shown.append(self._note)
        used = self._rows[: len(orders)]
        places = body.rows(len(orders), look.px(14), look.px(130)) if orders else []
        for row, place, order in zip(used, places, orders, strict=True):
            said = phrases.order_note(order, self._words)
            row.put_row(place, look, order.name, said, MakeCard(order.id), drawing="card-paper")
        self.foot.put(foot, look, seconds)
        self.only([*shown, *used, self.foot])


class MakingCardScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("card-paper")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=2)
        self._sentence = Text(INK, PAPER, valign="top", max_lines=3)
        self._bar = Bar()
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: MakingCard, seconds: int | None) -> None:
        self.box(rect)
        said = phrases.making(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        side = look.px(260)
        if look.portrait:
            block = body.centred(body.w, min(body.h, look.px(900)))
            place, text = block.cut_top(side, look.px(40))
        else:
            place, text = body.cut_left(side, look.px(56))
        self._drawing.put(place.centred(side, side), said.drawing)
        shown: list[Part] = [self._drawing, self._headline, self._sentence]
        upper, lower = text.cut_top(text.h * 0.5, look.px(18))
        if view.state is Making.WRITING:
            bar, lower = lower.cut_top(look.px(32), look.px(24))
            self._bar.put(bar, min(view.step, STEPS) / STEPS)
            shown.append(self._bar)
        self._headline.recolour(GREEN if said.good else INK, PAPER)
        self._headline.put(upper, said.headline, look.type("hero", "title", "heading"))
        self._sentence.put(lower, said.sentence, look.type("heading", "strong", "body", "small"))
        self.foot.put(foot, look, seconds)
        self.only([*shown, self.foot])
