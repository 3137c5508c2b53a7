"""Pages that are lists of cards: the latest deeds, what comes tomorrow, changes of the standard."""

from __future__ import annotations

import datetime as dt

from linli.board import phrases
from linli.board.state import Alterations, Altered, BoardState, Coming, Latest
from linli.kiosk.board.layout import Scaled
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GOLD,
    GOLD_LINE,
    GOLD_SOFT,
    GREEN,
    GREEN_SOFT,
    INK,
    LINE,
    PAPER,
    RAIL,
    RED,
    RED_SOFT,
    SOFT,
)
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words, time_of

DEEDS, TOMORROW, ALTERED = 8, 7, 6


class Headline(Part):
    """What a list is of, in red, and which part of it."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(RED, PAPER, bold=True)
        self._part = Text(SOFT, PAPER, align="right")

    def put(self, rect: Rect, px: Scaled, title: str, part: str) -> None:
        self.box(rect)
        right, left = rect.cut_right(width_of(part, px(40)) if part else 0, px(24))
        self._title.put(left, title, px.sizes(64, 56, 48, 40))
        self._part.put(right, part, px.sizes(40))
        self.only([self._title, self._part] if part else [self._title])


class DeedsPage(Part):
    """Who did what, newest first; the newest stands out."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._rows = [DeedRow(words) for _ in range(DEEDS)]

    def put(self, rect: Rect, scale: float, state: BoardState) -> None:
        self.box(rect)
        px = Scaled(scale)
        used = self._rows[: len(state.deeds)]
        places = rect.rows(DEEDS, px(12))
        for number, (row, deed, place) in enumerate(zip(used, state.deeds, places, strict=False)):
            row.put_deed(place, px, deed, state.now, newest=number == 0)
        self.only(used)


class DeedRow(Panel):
    def __init__(self, words: Words) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._words = words
        self._name = Text(INK, CARD, bold=True)
        self._title = Text(INK, CARD)
        self._won = Text(GOLD, CARD, bold=True, align="right")
        self._ago = Text(SOFT, CARD, align="right")
        for part in (self._name, self._title, self._won, self._ago):
            self.add_widget(part)

    def put_deed(
        self, rect: Rect, px: Scaled, deed: Latest, now: dt.datetime, *, newest: bool
    ) -> None:
        fill, line = (GOLD_SOFT, GOLD_LINE) if newest else (CARD, LINE)
        self.paint(fill, line)
        self.put(rect, px(24))
        for text, colour in (
            (self._name, INK),
            (self._title, INK),
            (self._won, GREEN if deed.points is None else GOLD),
            (self._ago, SOFT),
        ):
            text.recolour(colour, fill)
        inner = rect.inset(px(30), px(6))
        name, rest = inner.cut_left(px(250), px(18))
        ago, rest = rest.cut_right(px(176), px(12))
        said, sizes = phrases.won(deed, self._words), px.sizes(50, 42, 36)
        won, title = rest.cut_right(max(px(132), width_of(said, sizes[1], bold=True)), px(16))
        self._name.put(name, deed.name, px.sizes(46, 42, 38, 34, 32))
        self._title.put(title, deed.title, px.sizes(42, 38, 34, 32))
        self._won.put(won, said, sizes)
        self._ago.put(ago, phrases.ago(deed.at, now, self._words), px.sizes(34, 32))


class TomorrowPage(Part):
    """When, what, where, and what it brings."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._head = Headline()
        self._rows = [TomorrowRow() for _ in range(TOMORROW)]

    def put(self, rect: Rect, scale: float, state: BoardState) -> None:
        self.box(rect)
        px = Scaled(scale)
        head, body = rect.cut_top(px(84), px(14))
        day = self._words.day(state.now.date() + dt.timedelta(days=1))
        self._head.put(head, px, day, "")
        used = self._rows[: len(state.tomorrow)]
        places = body.rows(max(5, len(used)), px(14))
        for row, coming, place in zip(used, state.tomorrow, places, strict=False):
            row.put_coming(place, px, coming)
        self.only([self._head, *used])


class TomorrowRow(Panel):
    def __init__(self) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._time = Text(INK, CARD, bold=True)
        self._title = Text(INK, CARD, bold=True)
        self._place = Text(SOFT, CARD)
        self._points = Chip(GOLD, GOLD_SOFT)
        for part in (self._time, self._title, self._place, self._points):
            self.add_widget(part)

    def put_coming(self, rect: Rect, px: Scaled, coming: Coming) -> None:
        self.put(rect, px(24))
        inner = rect.inset(px(32), px(6))
        said, sizes = f"+{coming.points}", px.sizes(46)
        chip, rest = inner.cut_right(self._points.width_for(said, sizes), px(24))
        self._points.put_text(chip.centred(chip.w, min(px(72), chip.h)), said, sizes)
        time, rest = rest.cut_left(px(170), px(24))
        self._time.put(time, time_of(coming.starts_at), px.sizes(56, 50))
        text = rest.centred(rest.w, min(rest.h, px(104)))
        upper, lower = text.cut_top(text.h * 0.56)
        self._title.put(upper, coming.title, px.sizes(44, 40, 36, 34, 32))
        self._place.put(lower, coming.place, px.sizes(34, 32))


class StandardPage(Part):
    """What brings other points, and from which day."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._head = Headline()
        self._rows = [AlteredRow(words) for _ in range(ALTERED)]

    def put(self, rect: Rect, scale: float, some: Alterations, today: dt.date) -> None:
        self.box(rect)
        px = Scaled(scale)
        head, body = rect.cut_top(px(84), px(14))
        title = phrases.alterations_title(some, today, self._words)
        self._head.put(head, px, title, phrases.part_of(some.part, some.parts))
        used = self._rows[: len(some.items)]
        places = body.rows(max(5, len(used)), px(14))
        for row, one, place in zip(used, some.items, places, strict=False):
            row.put_altered(place, px, one)
        self.only([self._head, *used])


class AlteredRow(Panel):
    """What it is, what it brought, what it brings."""

    def __init__(self, words: Words) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._words = words
        self._mark = Chip(GREEN, GREEN_SOFT)
        self._name = Text(INK, CARD, bold=True, max_lines=2)
        self._old = Text(SOFT, CARD, align="right")
        self._arrow = Text(SOFT, CARD, align="center")
        self._new = Text(GOLD, CARD, bold=True, align="right")

    def put_altered(self, rect: Rect, px: Scaled, one: Altered) -> None:
        self.put(rect, px(24))
        inner = rect.inset(px(32), px(6))
        sizes = px.sizes(38, 34, 32)
        said = phrases.altered_mark(one, self._words)
        mark, rest = inner.cut_left(max(px(132), self._mark.width_for(said, sizes)), px(28))
        fill = RAIL if one.new is None else RED_SOFT if _is_less(one) else GREEN_SOFT
        colour = {RAIL: INK, RED_SOFT: RED, GREEN_SOFT: GREEN}[fill]
        self._mark.paint(fill, fill)
        self._mark.text.recolour(colour, fill)
        self._mark.put_text(mark.centred(mark.w, min(px(64), mark.h)), said, sizes)
        new, rest = rest.cut_right(px(110), px(4))
        arrow, rest = rest.cut_right(px(64), px(4))
        old, name = rest.cut_right(px(90), px(24))
        self._name.put(name, one.name, px.sizes(46, 42, 38, 34, 32))
        shown: list[Part] = [self._mark, self._name]
        large = px.sizes(58, 50, 42)
        if one.old is not None:
            self._old.put(old if one.new is not None else new, str(one.old), px.sizes(48, 42))
            shown.append(self._old)
        if one.new is not None:
            self._new.put(new, str(one.new), large)
            shown.append(self._new)
        if one.old is not None and one.new is not None:
            self._arrow.put(arrow, "→", px.sizes(48))
            shown.append(self._arrow)
        self.only(shown)


def _is_less(one: Altered) -> bool:
    return one.old is not None and one.new is not None and one.new < one.old
