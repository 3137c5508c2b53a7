"""The month on notice, in the large part of the board: its figures, its first, how to object."""

from __future__ import annotations

import datetime as dt

from linli.board import phrases
from linli.board.state import KINDS, Noticed, Placed, Tab
from linli.kiosk.board.layout import Scaled
from linli.kiosk.board.rows import MEDALS
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, first_fitting, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GOLD,
    GOLD_LINE,
    GOLD_SOFT,
    INK,
    LINE,
    PAPER,
    RAIL,
    RED,
    SOFT,
)
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words

FIRST = 3


class NoticePage(Part):
    """Built once; `put` says which month."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._title = Text(RED, PAPER, bold=True)
        self._span = Text(SOFT, PAPER)
        self._left = Chip(GOLD, GOLD_SOFT, line=GOLD_LINE)
        self._figures = FigureBar(words)
        self._columns = [Column(words) for _ in KINDS]
        self._how = Chip(INK, GOLD_SOFT, line=GOLD_LINE)
        for part in (
            self._title,
            self._span,
            self._left,
            self._figures,
            *self._columns,
            self._how,
        ):
            self.add_widget(part)

    def put(self, rect: Rect, scale: float, notice: Noticed, today: dt.date) -> None:
        self.box(rect)
        px = Scaled(scale)
        head, rest = rect.cut_top(px(84), px(14))
        self._put_head(head, px, notice, today)
        figures, rest = rest.cut_top(px(136), px(18))
        self._figures.put_figures(figures, px, notice)
        how, rest = rest.cut_bottom(px(76), px(18))
        sizes = px.sizes(38, 36, 34, 32)
        options = phrases.notice_how(notice, today, self._words)
        said = first_fitting(options, how.w - sizes[0], sizes[-1], bold=True)
        self._how.put_text(how, said, sizes)
        for tab, column, place in zip(KINDS, self._columns, rest.columns(3, px(18)), strict=True):
            first = [one for one in notice.top if one.tab is tab]
            column.put_places(place, px, tab, first)

    def _put_head(self, rect: Rect, px: Scaled, notice: Noticed, today: dt.date) -> None:
        sizes = px.sizes(38)
        said = phrases.notice_left(notice, today, self._words)
        chip, rest = rect.cut_right(self._left.width_for(said, sizes), px(24))
        self._left.put_text(chip.centred(chip.w, px(68)), said, sizes)
        title = phrases.notice_title(notice, self._words)
        span, small = phrases.span(notice, self._words), px.sizes(38, 36, 32)
        room = rest.w - px(32) - width_of(span, small[-1])
        sizes = px.sizes(68, 60, 52, 46, 40)
        large = next((s for s in sizes if width_of(title, s, bold=True) <= room), sizes[-1])
        left, rest = rest.cut_left(width_of(title, large, bold=True), px(32))
        self._title.put(left, title, (large,))
        self._span.put(rest, span, small)


class FigureBar(Panel):
    """Four numbers side by side."""

    def __init__(self, words: Words) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._words = words
        self._numbers = [Text(INK, CARD, bold=True, align="center") for _ in range(4)]
        self._labels = [Text(SOFT, CARD, align="center") for _ in range(4)]
        for part in (*self._numbers, *self._labels):
            self.add_widget(part)

    def put_figures(self, rect: Rect, px: Scaled, notice: Noticed) -> None:
        self.put(rect, px(28))
        shown = (
            (notice.deeds, self._words("deeds")),
            (notice.points, self._words("points given")),
            (notice.people, self._words("people")),
            (notice.units, self._words("units")),
        )
        places = rect.inset(px(20), px(10)).columns(4, px(16))
        for (value, label), place, number, below in zip(
            shown, places, self._numbers, self._labels, strict=True
        ):
            upper, lower = place.cut_top(px(70))
            number.put(upper, f"{value:,}", px.sizes(64, 56, 48, 40))
            below.put(lower, label, px.sizes(34, 32))


class Column(Panel):
    """The first three of one kind."""

    def __init__(self, words: Words) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._words = words
        self._title = Text(RED, CARD, bold=True)
        self._nobody = Text(SOFT, CARD, max_lines=2)
        self._rows = [PlaceRow(words) for _ in range(FIRST)]

    def put_places(self, rect: Rect, px: Scaled, tab: Tab, places: list[Placed]) -> None:
        self.put(rect, px(28))
        inner = rect.inset(px(26), px(16))
        head, body = inner.cut_top(px(54), px(4))
        self._title.put(head, phrases.tab_name(tab, self._words), px.sizes(40))
        used = self._rows[: len(places)]
        for row, one, place in zip(used, places, body.rows(FIRST, px(4)), strict=False):
            row.put(place, px, one)
        if not places:
            said = self._words("nobody this month")
            self._nobody.put(body.cut_top(px(100))[0], said, px.sizes(36, 34, 32))
        self.only([self._title, *used] if places else [self._title, self._nobody])


class PlaceRow(Part):
    """Rank, name above in a line or two, points below."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._medal = Panel(RAIL, RAIL)
        self._rank = Text(INK, RAIL, bold=True, align="center")
        self._name = Text(INK, CARD, bold=True, max_lines=2)
        self._points = Text(SOFT, CARD)
        for part in (self._medal, self._rank, self._name, self._points):
            self.add_widget(part)

    def put(self, rect: Rect, px: Scaled, one: Placed) -> None:
        self.box(rect)
        chip, rest = rect.cut_left(px(54), px(14))
        chip = chip.centred(chip.w, px(54))
        medal = MEDALS.get(one.rank, RAIL)
        self._medal.paint(medal, medal)
        self._medal.put(chip, px(16))
        self._rank.recolour(INK, medal)
        self._rank.put(chip, str(one.rank), px.sizes(38, 32))
        sizes = px.sizes(40, 36, 34, 32)
        in_one = width_of(one.name, sizes[-1], bold=True) <= rest.w
        rest = rest.centred(rest.w, px(98 if in_one else 130))
        upper, lower = rest.cut_top(px(54 if in_one else 86))
        self._name.put(upper, one.name, sizes if in_one else sizes[-1:])
        points = self._words.n("{n:,} point", "{n:,} points", one.points)
        self._points.put(lower, points, px.sizes(34, 32))
