"""The few surfaces all screens are made of. They are built once and told where to be and what to
say with `put`; nothing is drawn again that did not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothRoundedRectangle
from kivy.graphics import Line as Stroke
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    BORDER,
    CARD,
    GOLD_FILL,
    GOLD_SOFT,
    LINE,
    RED,
    RED_SOFT,
    edge,
    rgba,
    worn,
)

HAIR = 0.01
"""A line of exactly two pixels would be drawn as one of OpenGL's own, with one."""


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
        of the same colour, on a whole pixel so that rounding leaves it one: Kivy leaves a rounded
        shape of no size as it was."""
        if self._stroke is not None:
            self._draw_stroke(self._stroke)
            return
        middle = self.rect.centred(0, 0)
        dot = Rect(round(middle.x), round(middle.y), 1, 1)
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
