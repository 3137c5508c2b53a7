"""The screen itself is tried: plain colours for the eye, then fields for the finger. There is no
foot: all of the room is tested. Whoever cannot get on goes home by waiting."""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.flows.maintenance_views import (
    CELLS,
    COLOURS,
    ColourTest,
    TestScreen,
    TouchCell,
    TouchTest,
)
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import (
    CARD,
    GREEN_SOFT,
    INK,
    LINE,
    RADIUS_BUTTON,
    RED,
    RED_SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words

PLAIN = ("#FF0000", "#00FF00", "#0000FF", "#FFFFFF", "#000000")


class ColourScreen(Part):
    foot = None

    def __init__(self, words: Words, on_act: OnAct, _: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._ground = TouchGround(lambda: on_act(TestScreen()))
        self._said = Chip(INK, CARD)

    def put(self, rect: Rect, look: Look, view: ColourTest, _: int | None) -> None:
        self.box(rect)
        colour = PLAIN[view.number % COLOURS]
        self._ground.paint(colour, colour)
        self._ground.put(rect, 1)
        sizes = look.type("body", "small")
        said = self._words("Look for spots, then touch")
        wide = self._said.width_for(said, sizes)
        place = rect.cut_bottom(look.px(120))[0].centred(wide, sizes[0] * 1.8)
        self._said.put_text(place, said, sizes)
        self.only([self._ground, self._said])


class TouchGround(ButtonBehavior, Panel):
    def __init__(self, touched: Callable[[], None]) -> None:
        super().__init__()
        self._touched = touched

    def on_release(self) -> None:
        self._touched()


class TouchScreen(Part):
    foot = None

    def __init__(self, words: Words, on_act: OnAct, _: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._cells = [Cell(number, on_act) for number in range(CELLS)]

    def put(self, rect: Rect, look: Look, view: TouchTest, _: int | None) -> None:
        self.box(rect)
        columns = 3 if look.portrait else 4
        rows = rect.rows(CELLS // columns, look.px(12))
        places = [cell for row in rows for cell in row.columns(columns, look.px(12))]
        for cell, place in zip(self._cells, places, strict=True):
            cell.put_cell(place, look, done=cell.number in view.touched)
        self.only(self._cells)


class Cell(ButtonBehavior, Panel):
    def __init__(self, number: int, on_act: OnAct) -> None:
        super().__init__()
        self.number = number
        self._on_act = on_act
        self._mark, self._done = Drawing("tick", GREEN_SOFT), False

    def put_cell(self, rect: Rect, look: Look, *, done: bool) -> None:
        self._done = done
        self.paint(GREEN_SOFT if done else CARD, LINE)
        self.put(rect, look.px(RADIUS_BUTTON))
        side = min(rect.w, rect.h) * 0.5
        self._mark.put(rect.centred(side, side))
        self.only([self._mark] if done else [])

    def on_state(self, _: Widget, state: str) -> None:
        if not self._done:
            down = state == "down"
            self.paint(RED_SOFT if down else CARD, RED if down else LINE)

    def on_press(self) -> None:
        self._on_act(TouchCell(self.number))
