"""Done: who, what, the points, and where they stand with them."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.views import Success
from linli.kiosk.screens import phrases
from linli.kiosk.screens.foot import Foot
from linli.kiosk.screens.phrases import Figure, Given, SuccessWords
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import broken, line_height, runs
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import PAD, Text, first_fitting, measure, width_of
from linli.kiosk.theme.tokens import (
    CARD,
    GAP,
    GOLD,
    GOLD_SOFT,
    INK,
    LINE,
    PAPER,
    RADIUS_CARD,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Bar, Chip, Panel
from linli.kiosk.theme.words import Words

BAR, BAR_GAP = 18, 12


class SuccessScreen(Part):
    def __init__(
        self, words: Words, on_more: Callable[[str], None], on_home: Callable[[], None]
    ) -> None:
        super().__init__()
        self._words = words
        self._tick = Drawing("tick")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=2)
        self._detail = Text(SOFT, PAPER, valign="top", max_lines=2)
        self._points = Text(GOLD, PAPER, bold=True, align="center", valign="bottom")
        self._given = Chip(GOLD, GOLD_SOFT)
        self._promised = Chip(SOFT, PAPER, line=LINE)
        self._figures = [FigureCard() for _ in range(3)]
        self._trace = ""
        self.foot = Foot(words, on_home, lambda: on_more(self._trace))

    def put(self, rect: Rect, look: Look, view: Success, seconds: int | None) -> None:
        self.box(rect)
        self._trace = view.trace
        said = phrases.success(view, self._words)
        foot, rest = rect.cut_bottom(Foot.height_for(look, said.hint, more=view.more), look.px(GAP))
        if look.portrait:
            chip = self._portrait(rest, look, said)
        else:
            chip = self._landscape(rest, look, said)
        self.foot.put(foot, look, said.hint, seconds, more=view.more)
        words = (self._headline, self._detail, self._points)
        self.only([self._tick, *words, chip, *self._figures, self.foot])

    def forget(self) -> None:
        super().forget()
        self._trace = ""

    def _landscape(self, rect: Rect, look: Look, said: SuccessWords) -> Chip:
        tight = rect.h < look.px(530)
        head, cards = rect.cut_top(look.px(150 if tight else 172), look.px(GAP))
        side = look.px(132 if tight else 156)
        tick, rest = head.cut_left(side, look.px(32))
        points, text = rest.cut_right(self._points_width(look, said), look.px(24))
        self._tick.put(tick.centred(side, side))
        self._put_words(text, look, said)
        chip = self._put_points(points, look, said)
        self._put_figures(cards.columns(3, look.px(GAP)), look, said)
        return chip

    def _portrait(self, rect: Rect, look: Look, said: SuccessWords) -> Chip:
        head, rest = rect.cut_top(look.px(190), look.px(8))
        side = look.px(150)
        tick, text = head.cut_left(side, look.px(28))
        self._tick.put(tick.centred(side, side))
        self._put_words(text, look, said)
        middle, cards = rest.cut_top(look.px(200), look.px(GAP))
        chip = self._put_points(middle.centred(look.px(320), middle.h), look, said)
        self._put_figures(cards.rows(3, look.px(20), look.px(300)), look, said)
        return chip

    def _put_figures(self, places: list[Rect], look: Look, said: SuccessWords) -> None:
        """All three alike: titles in one size, notes with as many lines as the longest needs."""
        cards = list(zip(self._figures, places, said.figures, strict=True))
        sizes = [card.title_size(place, look, figure) for card, place, figure in cards]
        notes = [card.note_for(place, look, figure) for card, place, figure in cards]
        lines = max(count for _, count in notes)
        for (card, place, figure), (note, _) in zip(cards, notes, strict=True):
            card.put_figure(place, look, figure, min(sizes), note, lines)

    def _put_words(self, rect: Rect, look: Look, said: SuccessWords) -> None:
        sizes = look.type("hero", "title", "heading", "strong")
        line = line_height(look.type("body")[0])
        lower, upper = rect.cut_bottom(rect.h * 0.4)
        fitted = self._headline.put(upper, said.headline, sizes, 1)
        if fitted.shortened or fitted.size < look.type("title")[0]:
            lower, upper = rect.cut_bottom(line)
            self._headline.put(upper, said.headline, sizes[1:], 2)
        self._detail.put(lower, said.detail, look.type("body", "small"))

    def _put_points(self, rect: Rect, look: Look, said: SuccessWords) -> Chip:
        """The number, and under it whether it is theirs yet."""
        mine = said.given is Given.GIVEN
        chip, sizes = self._given if mine else self._promised, look.type("small")
        height = sizes[0] * 1.7
        self._points.recolour(GOLD if mine else SOFT, PAPER)
        number = self._points_sizes(look, said)
        block = min(rect.h, number[0] * 1.2 + height)
        low, high = rect.centred(rect.w, block).cut_bottom(height)
        self._points.put(high, said.points, number)
        chip.put_text(low.centred(chip.width_for(said.chip, sizes), height), said.chip, sizes)
        return chip

    def _points_sizes(self, look: Look, said: SuccessWords) -> tuple[float, ...]:
        largest = "figure" if said.given is Given.GIVEN else "display"
        return look.type(largest, "display", "hero", "title")

    def _points_width(self, look: Look, said: SuccessWords) -> float:
        number = width_of(said.points, self._points_sizes(look, said)[0], bold=True)
        return max(number, self._given.width_for(said.chip, look.type("small")))


class FigureCard(Panel):
    """A title, one large number, and a line about it; side by side where the card is wide."""

    INSET_X, INSET_Y = 32, 22
    NOTE_LINES = 2

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(SOFT, CARD, valign="top")
        self._number = Text(INK, CARD, bold=True)
        self._note = Text(SOFT, CARD, valign="bottom", max_lines=self.NOTE_LINES)
        self._bar = Bar()

    def title_size(self, rect: Rect, look: Look, figure: Figure) -> float:
        """The size at which one of its titles has room."""
        room = self._beside(rect, look)[1].w
        body, small = look.type("body")[0], look.type("small")[0]
        return body if width_of(figure.titles[0], body) <= room else small

    def note_for(self, rect: Rect, look: Look, figure: Figure) -> tuple[str, int]:
        """The longest of its notes that has room, and the lines it takes."""
        number, beside = self._beside(rect, look)
        size = look.type("small")[0]
        lines = self.NOTE_LINES
        taken = line_height(look.type("body")[0]) + look.px(BAR + BAR_GAP)
        if number is None and beside.h - taken - lines * line_height(size) < size * 2:
            lines = 1
        for note in figure.notes:
            cut = broken(runs(note), beside.w - 2 * PAD, size, measure)
            if cut is not None and len(cut) <= lines:
                return note, len(cut)
        return figure.notes[-1], lines

    def put_figure(
        self,
        rect: Rect,
        look: Look,
        figure: Figure,
        title_size: float,
        note: str,
        lines: int,
    ) -> None:
        self.put(rect, look.px(RADIUS_CARD))
        number, inner = self._beside(rect, look)
        size = look.type("small")
        line = line_height(size[0])
        alone = number is not None and figure.progress is None
        low = lines * line + (0 if alone else look.px(BAR + BAR_GAP))
        if number is not None:
            inner = inner.centred(inner.w, min(inner.h, line_height(title_size) + low + look.px(8)))
        title, rest = inner.cut_top(line_height(title_size), look.px(4))
        note_place, middle = rest.cut_bottom(low)
        fitted = self._note.put(note_place.cut_bottom(lines * line)[0], note, size, lines)
        if figure.progress is not None:
            top = note_place.y + len(fitted.lines) * line + look.px(BAR_GAP)
            self._bar.put(Rect(inner.x, top, inner.w, look.px(BAR)), figure.progress)
        said = first_fitting(figure.titles, title.w, title_size)
        self._title.put(title, said, (title_size,))
        self._put_number(number or middle, look, figure)
        shown: list[Part] = [self._title, self._number, self._note]
        self.only(shown if figure.progress is None else [*shown, self._bar])

    def _beside(self, rect: Rect, look: Look) -> tuple[Rect | None, Rect]:
        """Where the number stands if beside the words, and where the words are."""
        inner = rect.inset(look.px(self.INSET_X), look.px(self.INSET_Y))
        if rect.w < 2.2 * rect.h:
            return None, inner
        return inner.cut_left(inner.w * 0.46, look.px(28))

    def _put_number(self, rect: Rect, look: Look, figure: Figure) -> None:
        """The units beside it keep the size of body text, however small the number gets."""
        body = look.type("body")[0]
        for size in look.type("figure", "display", "hero", "title", "heading"):
            ratio = body / size
            text = (
                *runs(figure.before, ratio=ratio),
                *runs(figure.number, bold=True),
                *runs(figure.after, ratio=ratio),
            )
            wide = sum(measure(run, size * run.ratio) for run in text)
            if size * 1.16 <= rect.h and wide <= rect.w - 2 * PAD:
                break
        self._number.put(rect, text, (size,))
