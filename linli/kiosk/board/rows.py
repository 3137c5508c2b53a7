"""The board's moving lines: a line of the ranking, and a line of what just happened."""

from __future__ import annotations

import datetime as dt
from functools import cache

from kivy.graphics import (
    Color,
    PopMatrix,
    PushMatrix,
    Rectangle,
    SmoothRoundedRectangle,
    Translate,
)
from kivy.graphics.texture import Texture

from linli.board import phrases
from linli.board.state import Latest, Rank, Tab
from linli.kiosk.board.layout import Scaled, bar_lengths, rank_places
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text, width_of
from linli.kiosk.theme.tokens import (
    FIRST,
    GOLD,
    GOLD_SOFT,
    GREEN,
    HATCH_DARK,
    HATCH_LIGHT,
    INK,
    PAPER,
    RAIL,
    RED,
    SECOND,
    SOFT,
    THIRD,
    rgba,
    worn,
)
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words

MEDALS = {1: FIRST, 2: SECOND, 3: THIRD}
STRIPE = 32
WIDE = 8
"""A line of what just happened is one line of text where it is so many times wider than high."""


class Gliding(Part):
    """A line that is where it belongs, and is drawn on its way there."""

    def __init__(self) -> None:
        super().__init__()
        with self.canvas.before:
            PushMatrix()
            self._away = Translate()
        with self.canvas.after:
            PopMatrix()
        self._from = (0.0, 0.0)

    def start_from(self, dx: float, dy: float) -> None:
        """Seen `dx`, `dy` away from its place, to come home with `glide`."""
        self._from = (dx, dy)
        self._away.xy = self._from

    @property
    def away(self) -> tuple[float, float]:
        return float(self._away.x), float(self._away.y)

    def glide(self, progress: float) -> None:
        """0: where it started; 1: where it belongs."""
        left = 1.0 - progress
        self._away.xy = (round(self._from[0] * left), round(self._from[1] * left))


class RankRow(Gliding):
    """Rank, name, building, points, and the bar: solid what is confirmed, hatched what is not."""

    def __init__(self) -> None:
        super().__init__()
        self._chip = Panel(RAIL, RAIL)
        self._rank = Text(INK, RAIL, bold=True, align="center")
        self._name = Text(INK, PAPER, bold=True)
        self._building = Text(SOFT, PAPER)
        self._points = Text(INK, PAPER, bold=True, align="right")
        self._bar = PointsBar()
        self._old = self._new = (0.0, 0.0)
        for part in (
            self._chip,
            self._rank,
            self._name,
            self._building,
            self._bar,
            self._points,
        ):
            self.add_widget(part)

    def put(self, rect: Rect, scale: float, tab: Tab, rank: Rank, best: int, beside: str) -> None:
        """`beside` stands next to the name: where they live, or how many live there."""
        self.box(rect)
        px = Scaled(scale)
        at = rank_places(rect, tab, scale)
        medal = MEDALS.get(rank.rank, RAIL)
        self._chip.paint(medal, medal)
        self._chip.put(at.chip, px(18))
        self._rank.recolour(INK, medal)
        self._rank.put(at.chip, str(rank.rank), px.sizes(44, 38, 32))
        self._name.put(at.name, rank.name, px.sizes(50, 44, 38, 34, 32))
        building = beside if at.building.w else ""
        self._building.put(at.building, building, px.sizes(36, 34, 32))
        total = f"{rank.posted + rank.pending:,}"
        self._points.put(at.points, total, px.sizes(58, 50, 44))
        self._old, self._new = self._bar.lengths, bar_lengths(rank, best)
        self._bar.put(at.bar, *self._new)

    def glide(self, progress: float) -> None:
        super().glide(progress)
        lengths = [
            old + (new - old) * progress for old, new in zip(self._old, self._new, strict=True)
        ]
        self._bar.stretch(lengths[0], lengths[1])

    @property
    def grows(self) -> bool:
        """Whether its bar is on the way to another length."""
        return self._old != self._new

    def start_empty(self) -> None:
        """A new line's bar grows from nothing."""
        self._old = (0.0, 0.0)


class PointsBar(Part):
    def __init__(self) -> None:
        super().__init__()
        self.lengths = (0.0, 0.0)
        self._rail = Panel(RAIL, RAIL)
        self.add_widget(self._rail)
        with self.canvas.after:
            self._solid_colour = Color(*rgba(RED))
            self._solid = SmoothRoundedRectangle(segments=16)
            self._square = Rectangle()
            Color(1, 1, 1, 1)
            self._hatch = Rectangle(texture=hatch())

    def put(self, rect: Rect, posted: float, total: float) -> None:
        self.box(rect)
        self._rail.put(rect, rect.h / 2)
        self.stretch(posted, total)

    def stretch(self, posted: float, total: float) -> None:
        self.lengths = (posted, total)
        rect = self.rect
        solid = round(rect.w * posted)
        whole = max(round(rect.w * total), 1 if total > 0 else 0)
        radius = rect.h / 2
        wide = max(rect.h, solid) if whole else 0
        self._solid.pos, self._solid.size = (rect.x, rect.y), (wide, rect.h if whole else 0)
        self._solid.radius = [(radius, radius)] * 4
        # With nothing confirmed, not even the rounded end may look as if something were.
        self._solid_colour.rgba = rgba(RED if posted > 0 else HATCH_DARK)
        start = max(solid, round(radius)) if whole > solid else 0
        square = max(0.0, start - radius) if start else 0.0
        self._square.pos = (rect.x + radius, rect.y)
        self._square.size = (square, rect.h if square else 0)
        self._put_hatch(rect.x + start, max(0, whole - start) if start else 0)

    def _put_hatch(self, x: float, wide: float) -> None:
        high = self.rect.h if wide else 0
        self._hatch.pos, self._hatch.size = (x, self.rect.y), (wide, high)
        right, top = wide / STRIPE, high / STRIPE
        self._hatch.tex_coords = (0, 0, right, 0, right, top, 0, top)


def hatch() -> Texture:
    """Diagonal stripes that go on without end."""
    return _hatch(id(worn()))


@cache
def _hatch(theme: int) -> Texture:
    dark, light = ([round(part * 255) for part in rgba(c)] for c in (HATCH_DARK, HATCH_LIGHT))
    pixels = bytearray()
    for y in range(STRIPE):
        for x in range(STRIPE):
            along = (x + y) % STRIPE
            share = min(1.0, max(0.0, STRIPE / 4 + 0.5 - abs(along - STRIPE / 2)))
            pixels += bytes(
                round(d * share + h * (1 - share)) for d, h in zip(dark, light, strict=True)
            )
    texture = Texture.create(size=(STRIPE, STRIPE), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    texture.wrap = "repeat"
    return texture


class LatestRow(Gliding):
    """Who, what, how many points, how long ago."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._name = Text(INK, GOLD_SOFT, bold=True)
        self._title = Text(INK, GOLD_SOFT)
        self._won = Text(GOLD, GOLD_SOFT, bold=True, align="right")
        self._ago = Text(SOFT, GOLD_SOFT, align="right")
        for part in (self._name, self._title, self._won, self._ago):
            self.add_widget(part)

    def put(self, rect: Rect, scale: float, latest: Latest, now: dt.datetime) -> None:
        """Name and points above, what and when below; all in one line where that is wide."""
        self.box(rect)
        px = Scaled(scale)
        if rect.w > rect.h * WIDE:
            self._put_in_one(rect, px, latest, now)
            return
        upper, lower = rect.cut_top(rect.h * 0.53)
        self._won.recolour(GREEN if latest.points is None else GOLD, GOLD_SOFT)
        won = phrases.won(latest, self._words)
        sizes = px.sizes(40, 36, 32)
        right, left = upper.cut_right(width_of(won, sizes[0], bold=True), px(16))
        self._won.put(right, won, sizes)
        self._name.put(left, latest.name, sizes)
        said = phrases.ago(latest.at, now, self._words)
        small = px.sizes(32)
        right, left = lower.cut_right(width_of(said, small[0]), px(16))
        self._ago.put(right, said, small)
        self._title.put(left, latest.title, px.sizes(34, 32))

    def _put_in_one(self, rect: Rect, px: Scaled, latest: Latest, now: dt.datetime) -> None:
        self._won.recolour(GREEN if latest.points is None else GOLD, GOLD_SOFT)
        ago, rest = rect.cut_right(px(170), px(12))
        said, sizes = phrases.won(latest, self._words), px.sizes(40, 36, 32)
        won, rest = rest.cut_right(max(px(120), width_of(said, sizes[0], bold=True)), px(16))
        name, title = rest.cut_left(px(230), px(16))
        self._name.put(name, latest.name, px.sizes(40, 36, 34, 32))
        self._title.put(title, latest.title, px.sizes(38, 36, 34, 32))
        self._won.put(won, said, sizes)
        self._ago.put(ago, phrases.ago(latest.at, now, self._words), px.sizes(34, 32))


class ComingRow(Part):
    """When, what, and what it brings."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self._time = Text(INK, ground, bold=True)
        self._title = Text(INK, ground)
        self._points = Chip(GOLD, GOLD_SOFT)
        for part in (self._time, self._title, self._points):
            self.add_widget(part)

    def put(self, rect: Rect, scale: float, time: str, title: str, points: str) -> None:
        self.box(rect)
        px = Scaled(scale)
        size = px.sizes(36)
        chip, rest = rect.cut_right(self._points.width_for(points, size), px(16))
        self._points.put_text(chip.centred(chip.w, min(px(58), chip.h - px(8))), points, size)
        left, middle = rest.cut_left(width_of(time, px(38), bold=True), px(18))
        self._time.put(left, time, px.sizes(38))
        self._title.put(middle, title, px.sizes(38, 34, 32))
