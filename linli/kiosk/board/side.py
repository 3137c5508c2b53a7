"""What stands still on the board: the red header, the titled cards, the line at the bottom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kivy.graphics import Color, Rectangle

from linli.board import phrases
from linli.board.state import RANKINGS, BoardState, Noticed
from linli.kiosk.board.layout import FOOT, HEADER, ORBIT, SIDE, SIDE_TALL, Scaled
from linli.kiosk.board.rows import hatch
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, first_fitting, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GOLD_LINE,
    GOLD_SOFT,
    INK,
    LINE,
    PAPER,
    RED,
    RED_DEEP,
    SOFT,
)
from linli.kiosk.theme.widgets import Chip, Ground, Panel
from linli.kiosk.theme.words import Words, time_of


class Bleeding(Ground):
    """A ground that goes on beyond the edges of the screen: the picture may be shifted on it."""

    def put(self, rect: Rect) -> None:
        """Beyond the left, the right and the upper edge."""
        if self.box(rect):
            beyond = 2 * ORBIT
            self._area.pos = (rect.x - beyond, rect.y)
            self._area.size = (rect.w + 2 * beyond, rect.h + beyond)


class Header(Part):
    """The one red area: whose ranking, of whom, what time it is."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._ground = Bleeding(RED)
        self._title = Text(CARD, RED, bold=True)
        self._clock = Text(CARD, RED, bold=True, align="right")
        self._chosen = Chip(RED, CARD)
        self._others = [Chip(CARD, RED_DEEP, bold=False) for _ in RANKINGS]
        for part in (self._ground, self._title, self._clock):
            self.add_widget(part)

    def put(self, rect: Rect, scale: float, state: BoardState, *, clock: bool = True) -> None:
        self.box(rect)
        px = Scaled(scale)
        self._ground.put(rect)
        tall = rect.h > px(HEADER)
        inner = rect.inset(px(SIDE_TALL if tall else SIDE), 0)
        below, inner = inner.cut_bottom(px(104)) if tall else (inner, inner)
        time = time_of(state.now)
        sizes = px.sizes(68)
        corner, inner = inner.cut_right(width_of(time, sizes[0], bold=True), px(56))
        self._clock.put(corner, time, sizes)
        shown = self._names(state)
        name_sizes = self._tab_sizes(shown, px, below.w if tall else inner.w - px(560))
        wide = self._tabs_width(shown, px, name_sizes)
        tabs, left = (below, inner) if tall else inner.cut_right(wide, px(48))
        title = self._words("Red Points · {place}", place=state.place)
        self._title.put(left, title, px.sizes(72, 64, 56, 48, 42, 36))
        chips = self._put_tabs(tabs, px, shown, name_sizes)
        self.only([self._ground, self._title, *([self._clock] if clock else []), *chips])

    def _names(self, state: BoardState) -> list[tuple[str, bool]]:
        """All rankings beside the one that is shown, with its period; any other page alone."""
        chosen = phrases.chosen_name(state, self._words)
        if state.tab not in RANKINGS:
            return [(chosen, True)]
        return [
            (chosen, True) if tab is state.tab else (phrases.tab_name(tab, self._words), False)
            for tab in RANKINGS
        ]

    def _tab_sizes(
        self, names: Sequence[tuple[str, bool]], px: Scaled, room: float
    ) -> tuple[float, ...]:
        """The largest type in which all of them have room side by side."""
        sizes = px.sizes(40, 38, 36, 34, 32)
        fitting = (size for size in sizes if self._tabs_width(names, px, (size,)) <= room)
        return (next(fitting, sizes[-1]),)

    def _tabs_width(
        self, names: Sequence[tuple[str, bool]], px: Scaled, sizes: Sequence[float]
    ) -> float:
        gap = px(14)
        return sum(self._chosen.width_for(name, sizes) + gap for name, _ in names) - gap

    def _put_tabs(
        self,
        rect: Rect,
        px: Scaled,
        names: Sequence[tuple[str, bool]],
        sizes: Sequence[float],
    ) -> list[Chip]:
        used = []
        for (name, is_chosen), other in zip(names, self._others, strict=False):
            chip = self._chosen if is_chosen else other
            place, rect = rect.cut_left(self._chosen.width_for(name, sizes), px(14))
            chip.put_text(place.centred(place.w, px(76)), name, sizes)
            used.append(chip)
        return used


class Card(Panel):
    """A card with a red title; `put_titled` gives the room below it."""

    def __init__(self, fill: str, line: str) -> None:
        super().__init__(fill, line, stroked=True)
        self._title = Text(RED, fill, bold=True)
        self._note = Text(SOFT, fill)

    def put_titled(self, rect: Rect, scale: float, title: str, note: str) -> Rect:
        px = Scaled(scale)
        self.put(rect, px(28))
        inner = rect.inset(px(36), px(22))
        head, body = inner.cut_top(px(58), px(4))
        self._title.put(head, title, px.sizes(42))
        if note:
            self._note.put(body.cut_top(px(70))[0], note, px.sizes(36, 32))
        self.only([self._title, self._note] if note else [self._title])
        return body


class NoticeCard(Panel):
    """That a month is on notice, and for how long: beside every page."""

    def __init__(self, words: Words) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._words = words
        self._title = Text(RED, CARD, bold=True)
        self._line = Text(INK, CARD)
        self.add_widget(self._title)
        self.add_widget(self._line)

    def put_notice(self, rect: Rect, scale: float, notice: Noticed, today: dt.date) -> None:
        px = Scaled(scale)
        self.put(rect, px(28))
        upper, lower = rect.inset(px(36), px(16)).cut_top(px(58))
        words = self._words
        title = phrases.notice_title(notice, words)
        left = phrases.notice_left(notice, today, words)
        self._title.put(upper, words.listed(title, left), px.sizes(42, 38, 34, 32))
        small = px.sizes(34, 32)
        line = first_fitting(phrases.notice_line(notice, today, words), lower.w, small[-1])
        self._line.put(lower, line, small)


class Foot(Part):
    """Month and legend on the left, how fresh it all is on the right."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._left = Text(SOFT, PAPER)
        self._solid_word, self._hatch_word = Text(SOFT, PAPER), Text(SOFT, PAPER)
        self._right = Text(SOFT, PAPER, align="right")
        self._offline = Chip(INK, GOLD_SOFT, line=GOLD_LINE)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._hatch = Rectangle(texture=hatch())
        self._solid = Ground(RED)

    def put(self, rect: Rect, scale: float, state: BoardState) -> None:
        """In one line, or in two where it is high."""
        self.box(rect)
        px = Scaled(scale)
        sizes = px.sizes(32)
        tall = rect.h > px(FOOT)
        left, right = rect.rows(2, 0) if tall else (rect, rect)
        shown: list[Part] = []
        if state.offline:
            said = phrases.cut_off(state, self._words)
            place, rest = right.cut_right(self._offline.width_for(said, sizes), px(24))
            self._offline.put_text(place.centred(place.w, px(56)), said, sizes)
            shown.append(self._offline)
        else:
            said = phrases.foot_right(state, self._words)
            place, rest = right.cut_right(width_of(said, sizes[0]), px(24))
            self._right.put(place, said, sizes)
            shown.append(self._right)
        left = left if tall else rest
        if state.tab in RANKINGS:
            legend, left = self._put_legend(left, px)
            shown += legend
        else:
            self._hatch.size = (0, 0)
        self.only(shown)
        said = first_fitting(phrases.foot_left(state, self._words), left.w, sizes[0])
        self._left.put(left, said, sizes)
        self.add_widget(self._left)

    def _put_legend(self, rect: Rect, px: Scaled) -> tuple[list[Part], Rect]:
        """A swatch and a word, twice, to the right of the ranking's column; and the room left."""
        sizes = px.sizes(32)
        confirmed, pending = self._words("confirmed"), self._words("under review")
        wide = width_of(confirmed, sizes[0]) + width_of(pending, sizes[0]) + px(2 * 60 + 28)
        legend, left = rect.cut_right(wide, px(24))
        swatch = (px(46), px(26))
        mark, legend = legend.cut_left(swatch[0], px(14))
        self._solid.put(mark.centred(*swatch))
        word, legend = legend.cut_left(width_of(confirmed, sizes[0]), px(28))
        self._solid_word.put(word, confirmed, sizes)
        mark, legend = legend.cut_left(swatch[0], px(14))
        self._hatch.pos, self._hatch.size = mark.centred(*swatch).corner, swatch
        self._hatch_word.put(legend, pending, sizes)
        return [self._solid, self._solid_word, self._hatch_word], left
