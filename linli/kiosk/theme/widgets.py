"""The few widgets all screens are made of. They are built once and told where to be and what to
say with `put`; nothing is drawn again that did not change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from kivy.core.text import Label as Glyphs
from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothRoundedRectangle
from kivy.graphics import Line as Stroke
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.theme import fonts
from linli.kiosk.theme.lines import Fitted, Line, Run, fit, line_height, runs
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import (
    BORDER,
    CARD,
    GOLD_FILL,
    GOLD_SOFT,
    INK,
    LINE,
    RED,
    RED_SOFT,
    edge,
    rgba,
    worn,
)

PAD = 2
"""Left and right of a run's picture: the last glyph's edge is cut off without it."""
HAIR = 0.01
"""A line of exactly two pixels would be drawn as one of OpenGL's own, with one."""
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


class Part(Widget):
    """A widget that is told its place. `rect` is where it is now."""

    rect = Rect(0, 0, 0, 0)

    def box(self, rect: Rect) -> bool:
        """Takes the place; False when it was there already."""
        if rect == self.rect:
            return False
        self.rect = rect
        self.pos, self.size = (rect.x, rect.y), (rect.w, rect.h)
        return True

    def only(self, children: Sequence[Widget]) -> None:
        """Shows these children and no others."""
        if self.children[::-1] != list(children):
            self.clear_widgets()
            for child in children:
                self.add_widget(child)

    def forget(self) -> None:
        """What was said here was said to somebody who has gone: nothing of it stays, in sight or
        out of it. A part that keeps more than its parts do adds to this."""
        for part in self.parts():
            part.forget()

    def parts(self) -> Iterator[Part]:
        """All it is made of, also what is out of sight now."""
        for value in vars(self).values():
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, Part):
                    yield one


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


class Panel(Part):
    """A rounded surface with an edge instead of a shadow. The edge is the rim of a second surface
    below the first; where it is `stroked`, a line: half the time for large surfaces that move, and
    corners that are smooth from some metres away only."""

    def __init__(
        self,
        fill: str = CARD,
        line: str = LINE,
        border: float = BORDER,
        *,
        stroked: bool = False,
    ) -> None:
        super().__init__()
        self.fill, self.line, self._border = fill, line, max(border, worn().border)
        self._radius = 1.0
        self._stroke: Stroke | None = None
        with self.canvas.before:
            self._outer_colour = Color()
            self._outer = SmoothRoundedRectangle(size=(0, 0), segments=16)
            self._inner_colour = Color()
            self._inner = SmoothRoundedRectangle(size=(0, 0), segments=16)
            if stroked:
                self._stroke_colour = Color()
                self._stroke = Stroke(width=self._border / 2 + HAIR)
        self.paint(fill, line)

    def paint(self, fill: str, line: str) -> None:
        had_edge = self._has_edge()
        self.fill, self.line = fill, line
        if self._stroke is None:
            self._outer_colour.rgba, self._inner_colour.rgba = edge(line), rgba(fill)
        else:
            self._outer_colour.rgba, self._stroke_colour.rgba = rgba(fill), edge(line)
        if had_edge != self._has_edge():
            self._shape_inner()

    def put(self, rect: Rect, radius: float) -> None:
        radius = max(1.0, min(radius, rect.h / 2, rect.w / 2))
        if not self.box(rect) and radius == self._radius:
            return
        self._radius = radius
        self._shape(self._outer, rect, radius)
        self._shape_inner()

    def _has_edge(self) -> bool:
        return edge(self.line) != rgba(self.fill)

    def _shape_inner(self) -> None:
        """Without an edge to be seen, the second surface would only cost time. It shrinks to a dot
        of the same colour: Kivy leaves a rounded shape of no size as it was."""
        if self._stroke is not None:
            self._draw_stroke(self._stroke)
            return
        dot = self.rect.centred(min(1, self.rect.w), min(1, self.rect.h))
        inner = self.rect.inset(self._border) if self._has_edge() else dot
        self._shape(self._inner, inner, max(1.0, self._radius - self._border))

    def _draw_stroke(self, stroke: Stroke) -> None:
        half = self._border / 2
        line = self.rect.inset(half)
        if not self._has_edge() or not line.w or not line.h:
            stroke.points = []
            return
        corner = max(1.0, self._radius - half)
        stroke.rounded_rectangle = (line.x, line.y, line.w, line.h, corner, 40)

    @staticmethod
    def _shape(shape: SmoothRoundedRectangle, rect: Rect, radius: float) -> None:
        # On whole pixels: Kivy's smooth edges leave slivers beside others.
        left, low = round(rect.x), round(rect.y)
        shape.pos, shape.size = (left, low), (round(rect.right) - left, round(rect.top) - low)
        shape.radius = [(radius, radius)] * 4


class Chip(Panel):
    """A word or a number on a rounded ground, as wide as it needs to be."""

    def __init__(self, colour: str, fill: str, *, line: str = "", bold: bool = True) -> None:
        super().__init__(fill, line or fill)
        self.text = Text(colour, fill, bold=bold, align="center")
        self.add_widget(self.text)

    def width_for(self, text: str, sizes: Sequence[float]) -> float:
        wide = width_of(text, sizes[0], bold=self.text.bold)
        return float(round(wide + sizes[0] * 1.2))

    def put_text(self, rect: Rect, text: str, sizes: Sequence[float]) -> None:
        self.put(rect, rect.h / 2)
        self.text.put(rect.inset(sizes[0] * 0.4, 0), text, sizes)


class PushButton(ButtonBehavior, Panel):
    """What a finger may touch."""

    def __init__(self, on_press: Callable[[], None], line: str = RED) -> None:
        super().__init__(fill=CARD, line=line, border=3)
        self._act = on_press
        self.text = Text(RED, CARD, bold=True, align="center")
        self.add_widget(self.text)

    def say(self, rect: Rect, radius: float, text: str, sizes: Sequence[float]) -> None:
        self.put(rect, radius)
        self.text.put(rect.inset(radius * 0.6, 0), text, sizes)

    def on_state(self, _: Widget, state: str) -> None:
        self.paint(RED_SOFT if state == "down" else CARD, self.line)

    def on_release(self) -> None:
        self._act()


class Bar(Part):
    """How far along: a filled part of a rail."""

    def __init__(self, fill: str = GOLD_FILL, rail: str = GOLD_SOFT) -> None:
        super().__init__()
        self._rail, self._part = Panel(rail, rail), Panel(fill, fill)
        self.add_widget(self._rail)
        self.add_widget(self._part)

    def put(self, rect: Rect, progress: float) -> None:
        self.box(rect)
        wide = max(rect.h, rect.w * min(1.0, max(0.0, progress)))
        self._rail.put(rect, rect.h / 2)
        self._part.put(Rect(rect.x, rect.y, wide, rect.h), rect.h / 2)


class Dot(Part):
    """A small filled circle beside a word."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        with self.canvas:
            self._colour = Color(rgba=rgba(colour))
            self._shape = SmoothEllipse()

    def put(self, rect: Rect, colour: str) -> None:
        self._colour.rgba = rgba(colour)
        if self.box(rect):
            self._shape.pos, self._shape.size = self.pos, self.size


class Ground(Part):
    """A plain coloured area."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        with self.canvas.before:
            Color(rgba=rgba(colour))
            self._area = Rectangle()

    def put(self, rect: Rect) -> None:
        if self.box(rect):
            self._area.pos, self._area.size = self.pos, self.size
