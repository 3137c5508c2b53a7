"""The maintainer's menu: a large button for each thing that can be done."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.maintenance_views import Enter, Menu, Room
from linli.kiosk.screens.maintenance import phrases
from linli.kiosk.screens.visit.buttons import OnAct, Tile, tile_places
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, SOFT, Look
from linli.kiosk.theme.words import Words


class MenuScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._name = Text(SOFT, PAPER, align="right")
        self._tiles = [Tile(on_act) for _ in Room]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Menu, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(84), look.px(16))
        title, name = head.cut_left(head.w * 0.5)
        self._title.put(title, self._words("Maintenance"), look.type("title", "heading", "strong"))
        self._name.put(name, view.terminal, look.type("body", "small"))
        places = tile_places(body, len(Room), look, look.px(230))
        for tile, place, room in zip(self._tiles, places, Room, strict=True):
            said = phrases.room(room, self._words)
            tile.put_tile(place, look, said.drawing, said.title, said.note, Enter(room))
        self.foot.put(foot, look, seconds, back=False)
        self.only([self._title, self._name, *self._tiles, self.foot])
