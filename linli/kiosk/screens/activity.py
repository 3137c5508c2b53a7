"""One activity as a row: when, what, where, how many came, what it brings."""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.flows.views import ActivityCard
from linli.kiosk.screens import phrases
from linli.kiosk.theme.lines import LINE_HEIGHT, fit, line_height, runs
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import PAD, Text, first_fitting, measure, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GOLD,
    GOLD_SOFT,
    GREEN,
    GREEN_SOFT,
    INK,
    LINE,
    RADIUS_CARD,
    RED,
    RED_SOFT,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words, time_of


class ActivityRow(Panel):
    """A row to read."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._time = Text(INK, CARD, bold=True)
        self._title = Text(INK, CARD, bold=True)
        self._detail = Text(SOFT, CARD)
        self._points = Chip(GOLD, GOLD_SOFT)
        self._now = Chip(GREEN, GREEN_SOFT)
        self._chip_fits = False
        self.card: ActivityCard | None = None

    def put_card(self, rect: Rect, look: Look, card: ActivityCard, *, says_now: bool) -> None:
        """`says_now`: open activities say so below their time."""
        self.card = card
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(26), look.px(12))
        chip_size = look.type("body")
        points = phrases.signed(card.points)
        chip, inner = inner.cut_right(self._points.width_for(points, chip_size), look.px(16))
        self._points.put_text(chip.centred(chip.w, chip_size[0] * 1.6), points, chip_size)
        text = self._put_time(inner, look, card, says_now=says_now)
        shown: list[Part] = [self._time, self._title, self._points]
        if self._put_text(text, look, card):
            shown.append(self._detail)
        self.only([*shown, self._now] if self._chip_fits else shown)

    def forget(self) -> None:
        super().forget()
        self.card = None

    def _put_time(self, rect: Rect, look: Look, card: ActivityCard, *, says_now: bool) -> Rect:
        """The time, and below it whether one may sign in now. Gives the room left beside it."""
        small, sizes = look.type("small"), look.type("strong" if says_now else "body")
        said = self._words("Now")
        wide = width_of(time_of(card.starts_at), sizes[0], bold=True)
        if says_now:
            wide = max(wide, self._now.width_for(said, small))
        column, text = rect.cut_left(wide, look.px(20))
        chip = small[0] * 1.5
        high = sizes[0] * LINE_HEIGHT + chip + look.px(4)
        may = says_now and card.open_now
        self._chip_fits = may and high <= rect.h + look.px(12)
        # In a row too low for both the time itself says it.
        self._time.recolour(GREEN if may and not self._chip_fits else INK, CARD)
        if self._chip_fits:
            block = column.centred(wide, high)
            column, lower = block.cut_top(sizes[0] * LINE_HEIGHT, look.px(4))
            self._now.put_text(lower, said, small)
        self._time.put(column, time_of(card.starts_at), sizes)
        return text

    def _put_text(self, rect: Rect, look: Look, card: ActivityCard) -> bool:
        """Title over detail, together in the middle. False where only the title has room."""
        small, steps = look.type("small"), ("strong", "body", "small")
        title = look.type("heading", *steps) if rect.h > look.px(130) else look.type(*steps)
        lower = line_height(small[0])
        if rect.h - lower < small[0] * 1.2:
            self._title.put(rect, card.title, title)
            return False
        content, room = runs(card.title, bold=True), rect.h - lower
        fitted = fit(content, rect.w - 2 * PAD, room, title[:-1], measure)
        if fitted.shortened:
            fitted = fit(content, rect.w - 2 * PAD, room, title, measure, 2)
        high = min(room, fitted.height)
        upper, below = rect.centred(rect.w, high + lower).cut_top(high)
        self._title.put(upper, card.title, (fitted.size,), len(fitted.lines))
        details = phrases.activity_details(card, self._words)
        self._detail.put(below, first_fitting(details, below.w, small[0]), small)
        return True


class ActivityButton(ButtonBehavior, ActivityRow):
    """A row to touch."""

    def __init__(self, words: Words, on_choose: Callable[[str], None]) -> None:
        super().__init__(words=words)
        self._on_choose = on_choose

    def on_state(self, _: Widget, state: str) -> None:
        down = state == "down"
        self.paint(RED_SOFT if down else CARD, RED if down else LINE)

    def on_release(self) -> None:
        if self.card is not None:
            self._on_choose(self.card.id)
