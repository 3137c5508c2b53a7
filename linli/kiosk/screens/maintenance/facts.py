"""A few facts, one a row, and whether each is as it should be."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.maintenance_views import NetworkState, Pairing, Room
from linli.kiosk.screens.maintenance import phrases
from linli.kiosk.screens.maintenance.phrases import Fact
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import (
    CARD,
    GAP,
    GREEN,
    INK,
    PAPER,
    RADIUS_CARD,
    RED,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

Facts = NetworkState | Pairing
MOST = 5


class FactsScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._rows = [FactRow() for _ in range(MOST)]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Facts, seconds: int | None) -> None:
        self.box(rect)
        room, facts = self._said(view)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(84), look.px(16))
        title = phrases.room(room, self._words).title
        self._title.put(head, title, look.type("title", "heading"))
        used = self._rows[: len(facts)]
        places = body.rows(len(facts), look.px(14), look.px(120))
        for row, place, fact in zip(used, places, facts, strict=True):
            row.put_fact(place, look, fact)
        self.foot.put(foot, look, seconds)
        self.only([self._title, *used, self.foot])

    def _said(self, view: Facts) -> tuple[Room, list[Fact]]:
        match view:
            case NetworkState():
                return Room.NETWORK, phrases.network(view, self._words)
            case Pairing():
                return Room.PAIRING, phrases.pairing(view, self._words)


class FactRow(Panel):
    def __init__(self) -> None:
        super().__init__()
        self._title = Text(SOFT, CARD)
        self._value = Text(INK, CARD, bold=True, align="right")
        self._mark = Drawing("tick", CARD)

    def put_fact(self, rect: Rect, look: Look, fact: Fact) -> None:
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(28), look.px(6))
        shown: list[Part] = [self._title, self._value]
        if fact.good is not None:
            side = min(inner.h, look.px(64))
            mark, inner = inner.cut_right(side, look.px(24))
            self._mark.put(mark.centred(side, side), "tick" if fact.good else "warning")
            shown.append(self._mark)
        title, value = inner.cut_left(inner.w * 0.38, look.px(12))
        self._title.put(title, fact.title, look.type("body", "small"))
        self._value.recolour({True: GREEN, False: RED}.get(fact.good, INK), CARD)  # type: ignore[arg-type]
        self._value.put(value, fact.value, look.type("strong", "body", "small"))
        self.only(shown)
