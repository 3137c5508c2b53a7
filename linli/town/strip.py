"""The strip below the terminal's window: simulated cards, to be touched or laid down with 1–9, and
what can be done to locker, printer, cable and clock; above them the terminal board's front."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import linli.kiosk.theme.before_kivy  # noqa: F401  first, so that Kivy finds its settings

from kivy.core.window import Window  # isort: skip
from kivy.uix.behaviors import ButtonBehavior  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

from linli.devices.simulated.terminal_board import board_memory
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, first_fitting
from linli.kiosk.theme.tokens import CARD, INK, LINE, RED, RED_SOFT, SOFT
from linli.kiosk.theme.widgets import Ground, Panel
from linli.town import front_panel_row
from linli.town.control import ControlClient
from linli.town.front_panel_row import FrontPanelRow
from linli.town.hand import InHand, cards_in_hand
from linli.town.town import LOCKER

KEYS_HEIGHT = 132
HEIGHT = KEYS_HEIGHT + front_panel_row.HEIGHT
GROUND = "#2B2520"
MARGIN, GAP = 12, 8
SWITCH_COLUMNS = 3
NAME, NOTE = (26, 23, 20, 18), (20, 18, 16)


class Key(ButtonBehavior, Panel):
    """One button of the strip: a name over a note, and the number key that does the same."""

    def __init__(self, number: str, name: str, note: str, act: Callable[[], None]) -> None:
        super().__init__(fill=CARD, line=LINE)
        self._act = act
        self._said = (number, name, note)
        self._number = Text(RED, CARD, bold=True, align="center")
        self._name = Text(INK, CARD, bold=True, align="center")
        self._note = Text(SOFT, CARD, align="center", max_lines=2)
        for part in (self._number, self._name, self._note):
            self.add_widget(part)

    def place(self, rect: Rect) -> None:
        self.put(rect, 16)
        number, name, note = self._said
        inner = rect.inset(4, 6)
        upper, rest = inner.cut_top(26)
        middle, lower = rest.cut_top(34)
        self._number.put(upper, number, NOTE)
        self._name.put(middle, name, NAME)
        notes = (note, note.rpartition(" · ")[2])
        self._note.put(lower, first_fitting(notes, lower.w, NOTE[0]), NOTE)

    def on_state(self, _: Widget, state: str) -> None:
        down = state == "down"
        self.paint(RED_SOFT if down else CARD, RED if down else LINE)

    def on_release(self) -> None:
        self._act()


class SmallKey(ButtonBehavior, Panel):
    """A small button; one that `stays` is red until it is touched again."""

    def __init__(self, name: str, act: Callable[[], None], *, stays: bool = False) -> None:
        super().__init__(fill=CARD, line=LINE)
        self._act, self._name, self._stays = act, name, stays
        self._on = False
        self._text = Text(INK, CARD, bold=True, align="center")
        self.add_widget(self._text)

    def place(self, rect: Rect) -> None:
        self.put(rect, 12)
        self._text.put(rect.inset(4, 4), self._name, NOTE)

    def on_state(self, _: Widget, state: str) -> None:
        on = self._on or state == "down"
        self.paint(RED_SOFT if on else CARD, RED if on else LINE)

    def on_release(self) -> None:
        self._on = self._stays and not self._on
        self._act()


class Strip(Part):
    """Nine cards, and a block of switches; above them the board's front."""

    def __init__(self, socket: Path) -> None:
        super().__init__()
        self._client = ControlClient(socket)
        self._cards = cards_in_hand(socket)
        self._ground = Ground(GROUND)
        self._keys = [self._key(str(n), card) for n, card in enumerate(self._cards, 1)]
        self._switches = [
            SmallKey("关柜门", lambda: self._do("doors", "")),
            SmallKey("卡住柜门", lambda: self._do("jam", ""), stays=True),
            SmallKey("取走纸卷", lambda: self._do("paper", ""), stays=True),
            SmallKey("拔网线", lambda: self._do("cable", ""), stays=True),
            SmallKey("过30分钟", lambda: self._do("pass", "30")),
        ]
        self._front = FrontPanelRow(board_memory(socket.with_name(LOCKER)))
        for part in (self._ground, self._front, *self._keys, *self._switches):
            self.add_widget(part)
        self.size_hint, self.height = (1, None), HEIGHT
        self.bind(pos=self._place, size=self._place)
        Window.bind(on_key_down=self._key_down)

    def _key(self, number: str, card: InHand) -> Key:
        return Key(number, card.name, card.note, lambda: self._do("tap", card.id))

    def _place(self, *_: Any) -> None:
        whole = Rect(self.x, self.y, self.width, self.height)
        self._ground.put(whole)
        keys, above = whole.cut_bottom(KEYS_HEIGHT)
        self._front.place(above.inset(MARGIN, 0).cut_top(MARGIN / 2)[1])
        cells = keys.inset(MARGIN).columns(len(self._keys) + SWITCH_COLUMNS, GAP)
        for key, cell in zip(self._keys, cells, strict=False):
            key.place(cell)
        for column, cell in enumerate(cells[len(self._keys) :]):
            pair = self._switches[column * 2 : column * 2 + 2]
            for switch, half in zip(pair, cell.rows(len(pair), GAP), strict=True):
                switch.place(half)

    def _key_down(self, _window: Any, key: int, *_: Any) -> bool:
        index = key - ord("1")
        if 0 <= index < len(self._cards):
            self._do("tap", self._cards[index].id)
            return True
        return False

    def _do(self, name: str, argument: str) -> None:
        threading.Thread(target=self._client.do, args=(name, argument), daemon=True).start()
