"""Words on a screen: how wide they are, and a box that says them as large as it can."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kivy.core.text import Label as Glyphs
from kivy.graphics import Color, Rectangle

from linli.kiosk.theme import fonts
from linli.kiosk.theme.lines import Fitted, Line, Run, fit, line_height, runs
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CARD, INK, rgba

PAD = 2
"""Left and right of a run's picture: the last glyph's edge is cut off without it."""
HAN_CENTRE = 0.38
"""The middle of a Han character above the baseline, in ems: what is centred in a line."""


@lru_cache(maxsize=64)
def _glyphs(family: str, bold: bool, size: float) -> Glyphs:
    fonts.register()
    glyphs = Glyphs(font_name=family, bold=bold, font_size=size)
    glyphs.resolve_font_name()
    return glyphs


@lru_cache(maxsize=4096)
def _extent(text: str, family: str, bold: bool, size: float) -> float:
    return float(_glyphs(family, bold, size).get_extents(text)[0])


def measure(run: Run, size: float) -> float:
    return _extent(run.text, run.family, run.bold, round(size))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text's box must be to hold it in one line."""
    return sum(measure(run, size) for run in runs(text, bold=bold)) + 2 * PAD + 2


def forget_widths() -> None:
    """Widths are kept by their words. Somebody's number must not stay so; to measure all words
    anew costs the next tap five milliseconds, so this is not for masked names."""
    _extent.cache_clear()


def first_fitting(options: Sequence[str], width: float, size: float, *, bold: bool = False) -> str:
    """The first of several ways to say it that has room in one line, or else the last."""
    for text in options:
        if width_of(text, size, bold=bold) <= width:
            return text
    return options[-1]


class Text(Part):
    """Words in a box: as large as `sizes` allow, in as many lines as have room, else shortened.

    `colour` and `ground` are tokens: a test holds them to the contrast we promise."""

    def __init__(
        self,
        colour: str = INK,
        ground: str = CARD,
        *,
        bold: bool = False,
        align: str = "left",
        valign: str = "middle",
        max_lines: int = 1,
        strong: str = "",
    ) -> None:
        super().__init__()
        self.colour, self.ground, self.bold = colour, ground, bold
        self.strong = strong or colour
        self.align, self._valign, self._max_lines = align, valign, max_lines
        self._key: object = None
        self._drawn: list[tuple[Color, Rectangle]] = []
        self.content: Line = ()
        self.fitted = Fitted((), 0)

    def put(
        self, rect: Rect, text: str | Sequence[Run], sizes: Sequence[float], lines: int = 0
    ) -> Fitted:
        """Says `text` within `rect`; `lines` overrides how many it may take."""
        key = (rect.w, rect.h, text, tuple(sizes), lines, self.colour)
        if key == self._key:
            self._move(rect)
            return self.fitted
        self._key = key
        self.box(rect)
        self.content = runs(text, bold=self.bold) if isinstance(text, str) else tuple(text)
        self.fitted = fit(
            self.content, rect.w - 2 * PAD, rect.h, sizes, measure, lines or self._max_lines
        )
        self._draw()
        return self.fitted

    def forget(self) -> None:
        self._key, self.content, self.fitted = None, (), Fitted((), 0)
        for _, picture in self._drawn:
            picture.texture, picture.size = None, (0, 0)

    def _move(self, rect: Rect) -> None:
        """The same words elsewhere: pictures are moved, not made again."""
        dx, dy = rect.x - self.rect.x, rect.y - self.rect.y
        if self.box(rect):
            for _, picture in self._drawn:
                x, y = picture.pos
                picture.pos = (round(x + dx), round(y + dy))

    def recolour(self, colour: str, ground: str) -> None:
        self.colour, self.ground = colour, ground
        self.strong = colour

    def _draw(self) -> None:
        used = 0
        for line, middle in zip(self.fitted.lines, self.middles(), strict=True):
            used = self._draw_line(line, middle, used)
        for _, picture in self._drawn[used:]:
            picture.size = (0, 0)

    def middles(self) -> list[float]:
        """The middle of each line, from the top."""
        step = line_height(self.fitted.size)
        free = self.rect.h - step * len(self.fitted.lines)
        above = {"top": 0.0, "middle": free / 2, "bottom": free}[self._valign]
        first = self.rect.top - above - step / 2
        return [first - step * number for number in range(len(self.fitted.lines))]

    def _draw_line(self, line: Line, middle: float, used: int) -> int:
        size = self.fitted.size
        wide = sum(measure(run, size * run.ratio) for run in line)
        free = self.rect.w - 2 * PAD - wide
        x = self.rect.x + PAD + {"left": 0.0, "center": free / 2, "right": free}[self.align]
        baseline = round(middle - HAN_CENTRE * size)
        for run in line:
            run_size = round(size * run.ratio)
            glyphs = Glyphs(
                text=run.text,
                font_name=run.family,
                bold=run.bold,
                font_size=run_size,
                padding=(PAD, 0),
            )
            glyphs.refresh()
            texture = glyphs.texture
            colour, picture = self._slot(used)
            colour.rgba = rgba(self.strong if run.strong else self.colour)
            descent = _glyphs(run.family, run.bold, run_size).get_descent()
            picture.texture = texture
            picture.size = texture.size
            picture.pos = (round(x) - PAD, baseline + round(descent))
            x += measure(run, run_size)
            used += 1
        return used

    def _slot(self, index: int) -> tuple[Color, Rectangle]:
        if index == len(self._drawn):
            with self.canvas:
                self._drawn.append((Color(), Rectangle()))
        return self._drawn[index]
