"""What is over everything else: white on red, as large as it goes. Only who just tapped is still
seen below it: they look for themselves, and would tap again."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import BoardState
from linli.kiosk.board.layout import SIDE, Scaled, room
from linli.kiosk.board.rows import Gliding, LatestRow
from linli.kiosk.board.side import Bleeding
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import CARD, GOLD_LINE, GOLD_SOFT, RED
from linli.kiosk.theme.widgets import Panel
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
        self._strip = Panel(GOLD_SOFT, GOLD_LINE)
        self._latest = LatestRow(words)
        self._shown = ""

    def put(self, whole: Rect, state: BoardState, *, animated: bool = False) -> list[Gliding]:
        """Only with an urgent message. Returns the lines that are on their way."""
        self.box(whole)
        urgent = state.urgent
        if urgent is None:
            return []
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
        parts: list[Part] = [self._ground, self._mark, self._title, self._clock]
        moving: list[Gliding] = []
        if state.latest:
            strip, text = text.cut_bottom(px(96), px(24))
            moving = self._put_latest(strip, state, px, animated=animated)
            parts += [self._strip, self._latest]
        self._text.put(
            text, urgent.text, px.sizes(260, 230, 200, 176, 156, 138, 122, 108, 96, 84, 72, 64)
        )
        until = phrases.urgent_until(urgent, state.now.date(), self._words)
        self._foot.put(foot, self._words.listed(state.place, until), px.sizes(44, 40, 36, 32))
        self.only([*parts, self._text, self._foot])
        return moving

    def _put_latest(
        self, strip: Rect, state: BoardState, px: Scaled, *, animated: bool
    ) -> list[Gliding]:
        newest = state.latest[0]
        self._strip.put(strip, px(28))
        scale = room(self.rect).scale
        self._latest.put(strip.inset(px(36), px(8)), scale, newest, state.now)
        known, self._shown = newest.id == self._shown, newest.id
        if known or not animated:
            return []
        self._latest.start_from(self.rect.right - strip.x, 0)
        return [self._latest]
