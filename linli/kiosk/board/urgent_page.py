"""What is over everything else: white on red, as large as it goes."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import BoardState
from linli.kiosk.board.layout import SIDE, Scaled, room
from linli.kiosk.board.side import Bleeding
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CARD, RED
from linli.kiosk.theme.widgets import Part, Text, width_of
from linli.kiosk.theme.words import Words, time_of


class UrgentPage(Part):
    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._ground = Bleeding(RED)
        self._mark = Drawing("alarm", RED)
        self._title = Text(CARD, RED, bold=True)
        self._clock = Text(CARD, RED, bold=True, align="right")
        self._text = Text(CARD, RED, bold=True, max_lines=9)
        self._foot = Text(CARD, RED)
        for part in (
            self._ground,
            self._mark,
            self._title,
            self._clock,
            self._text,
            self._foot,
        ):
            self.add_widget(part)

    def put(self, whole: Rect, state: BoardState) -> None:
        """Only with an urgent message."""
        self.box(whole)
        urgent = state.urgent
        if urgent is None:
            return
        px = Scaled(room(whole).scale)
        self._ground.put(whole)
        inner = whole.inset(px(SIDE), px(48))
        head, rest = inner.cut_top(px(120), px(24))
        time = time_of(state.now)
        clock, head = head.cut_right(width_of(time, px(72), bold=True), px(32))
        self._clock.put(clock, time, px.sizes(72))
        mark, head = head.cut_left(px(112), px(32))
        self._mark.put(mark)
        self._title.put(head, self._words("Urgent notice"), px.sizes(88, 76, 64))
        foot, text = rest.cut_bottom(px(72), px(24))
        self._text.put(
            text, urgent.text, px.sizes(260, 230, 200, 176, 156, 138, 122, 108, 96, 84, 72, 64)
        )
        until = phrases.urgent_until(urgent, state.now.date(), self._words)
        self._foot.put(foot, self._words.listed(state.place, until), px.sizes(44, 40, 36, 32))
