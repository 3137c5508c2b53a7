"""Where things are on the board, in pixels at 1920×1080 or 1080×1920, and how they move. Plain
numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from linli.board.state import Rank, Tab
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import BOARD

ROWS = 10
HEADER, SIDE, FOOT = 132, 64, 72
HEADER_TALL, SIDE_TALL, FOOT_TALL = 232, 48, 118
ORBIT, ORBIT_STEPS = 8, 16
FULLEST = 0.96
"""How far along the rail the longest bar goes."""


@dataclass(frozen=True)
class Room:
    """The big areas."""

    scale: float
    header: Rect
    page: Rect
    side: Rect
    foot: Rect
    tall: bool


@dataclass(frozen=True)
class RankPlaces:
    """The cells of one row of the ranking."""

    chip: Rect
    name: Rect
    building: Rect
    bar: Rect
    points: Rect


def room(whole: Rect) -> Room:
    if whole.h > whole.w:
        return _tall_room(whole)
    scale = min(whole.w / BOARD[0], whole.h / BOARD[1])
    px = Scaled(scale)
    header, rest = whole.cut_top(px(HEADER), px(30))
    inner = rest.inset(px(SIDE), 0)
    foot, inner = inner.cut_bottom(px(FOOT), px(12))
    side, page = inner.cut_right(px(640), px(48))
    return Room(scale, header, page, side, foot, tall=False)


def _tall_room(whole: Rect) -> Room:
    """The page above, the cards below."""
    scale = min(whole.w / BOARD[1], whole.h / BOARD[0])
    px = Scaled(scale)
    header, rest = whole.cut_top(px(HEADER_TALL), px(28))
    foot, inner = rest.inset(px(SIDE_TALL), 0).cut_bottom(px(FOOT_TALL), px(16))
    side, page = inner.cut_bottom(px(700), px(28))
    return Room(scale, header, page, side, foot, tall=True)


@dataclass(frozen=True)
class SidePlaces:
    """The cards of the right-hand column; `notice` is None where no month is on notice."""

    latest: Rect
    coming: Rect
    notice: Rect | None
    coming_lines: int


def side_places(side: Rect, scale: float, *, notice: bool, tall: bool) -> SidePlaces:
    px = Scaled(scale)
    if tall:
        latest, rest = side.cut_top(px(302), px(18))
        if not notice:
            return SidePlaces(latest, rest, None, 4)
        below, coming = rest.cut_bottom(px(142), px(18))
        return SidePlaces(latest, coming, below, 2)
    if not notice:
        latest, coming = side.cut_top(px(440), px(24))
        return SidePlaces(latest, coming, None, 3)
    below, rest = side.cut_bottom(px(142), px(18))
    latest, coming = rest.cut_top(px(416), px(18))
    return SidePlaces(latest, coming, below, 2)


class Scaled:
    """Pixels of the design in pixels of the window."""

    def __init__(self, scale: float) -> None:
        self._scale = scale

    def __call__(self, value: float) -> float:
        return round(value * self._scale)

    def sizes(self, *values: float) -> tuple[float, ...]:
        return tuple(self(value) for value in values)


def orbit(turn: int) -> tuple[int, int]:
    """How far the whole picture is shifted at its nth turn, in pixels of the window: nothing bright
    stays at one place for hours."""
    angle = 2 * math.pi * turn / ORBIT_STEPS
    return round(ORBIT * math.sin(angle)), round(ORBIT * math.cos(angle)) - ORBIT


def slots(ranks: Rect, scale: float) -> list[Rect]:
    return [
        Rect(ranks.x, round(row.y), ranks.w, round(row.h))
        for row in ranks.rows(ROWS, round(8 * scale))
    ]


def rank_places(row: Rect, tab: Tab, scale: float) -> RankPlaces:
    """Units have long names and no building."""
    px = Scaled(scale)
    chip, rest = row.cut_left(px(76), px(26))
    points, rest = rest.cut_right(px(168), px(16))
    name_wide = 476 if tab is Tab.UNIT else 236
    name, rest = rest.cut_left(px(name_wide), px(12))
    building, bar = rest.cut_left(px(0 if tab is Tab.UNIT else 172), px(16))
    return RankPlaces(
        chip.centred(chip.w, px(66)),
        name,
        building,
        bar.centred(bar.w, px(38)),
        points,
    )


def bar_lengths(rank: Rank, best: int) -> tuple[float, float]:
    """Posted, and posted with pending, as parts of the rail."""
    if best <= 0:
        return 0.0, 0.0
    posted, total = max(0, rank.posted), max(0, rank.posted + rank.pending)
    return FULLEST * min(posted, total) / best, FULLEST * total / best


def eased(progress: float) -> float:
    """Quick at first, then settling."""
    left = 1.0 - min(1.0, max(0.0, progress))
    return 1.0 - left * left * left
