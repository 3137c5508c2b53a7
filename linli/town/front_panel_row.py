"""The front panel as a row of the strip. Its fields follow the board; two can be touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import linli.kiosk.theme.before_kivy  # noqa: F401  first, so that Kivy finds its settings

from kivy.clock import Clock  # isort: skip
from kivy.uix.behaviors import ButtonBehavior  # isort: skip

from linli.devices.simulated.board_pins import BoardMemory
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import LINE
from linli.kiosk.theme.widgets import Panel
from linli.town import front_panel as front
from linli.town.front_panel import Tile
from linli.town.world import DOORS

HEIGHT = 40
GAP, RADIUS = 6, 8
SIZES = (17, 15, 13)
LOOK_S = 0.1
Act = Callable[[BoardMemory], None]


class Field(ButtonBehavior, Panel):
    """One field; touched it does `act`, if it has one."""

    def __init__(self, act: Act | None, memory: BoardMemory) -> None:
        super().__init__(line=LINE)
        self._act, self._memory = act, memory
        self._tile = Tile("")
        self._text = Text(bold=True, align="center")
        self.add_widget(self._text)

    def show(self, tile: Tile) -> None:
        if tile != self._tile:
            self._tile = tile
            self.paint(tile.fill, LINE)
            self.place(self.rect)

    def place(self, rect: Rect) -> None:
        self.put(rect, RADIUS)
        self._text.colour, self._text.ground = self._tile.colour, self._tile.fill
        self._text.put(rect.inset(3, 3), self._tile.words, SIZES)

    def on_release(self) -> None:
        if self._act is not None:
            self._act(self._memory)


class FrontPanelRow(Part):
    """`memory` is the file of the simulated board."""

    def __init__(self, memory: Path) -> None:
        super().__init__()
        self._memory = BoardMemory(memory)
        acts: list[Act | None] = [None] * (DOORS + 6)
        acts[DOORS + 3], acts[DOORS + 4] = front.somebody_comes_or_goes, front.lid_comes_off_or_on
        self._fields = [Field(act, self._memory) for act in acts]
        for field in self._fields:
            self.add_widget(field)
        Clock.schedule_interval(lambda _: self._look(), LOOK_S)

    def place(self, rect: Rect) -> None:
        self.box(rect)
        for field, cell in zip(self._fields, rect.columns(len(self._fields), GAP), strict=True):
            field.place(cell)

    def _look(self) -> None:
        for field, tile in zip(self._fields, self._tiles(), strict=True):
            field.show(tile)

    def _tiles(self) -> tuple[Tile, ...]:
        memory = self._memory
        return (
            *front.door_tiles(memory, DOORS),
            front.light_tile(memory),
            front.buzzer_tile(memory),
            front.power_tile(memory),
            front.presence_tile(memory),
            front.tamper_tile(memory),
            front.air_tile(memory),
        )
