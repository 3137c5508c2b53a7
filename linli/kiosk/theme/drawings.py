"""Our drawings, as strokes in a square of 100 by 100.

They are drawn four times as large and halved twice, so edges are smooth without multisampling.
Each has a plain ground: a drawing knows what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from kivy.graphics import (
    ClearBuffers,
    ClearColor,
    Color,
    Fbo,
    PopMatrix,
    PushMatrix,
    Rectangle,
    Scale,
)
from kivy.graphics.texture import Texture

from linli.kiosk.theme.part import Part
from linli.kiosk.theme.pictures import PICTURES
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import PAPER, rgba, worn

FINE = 4
MOST_KEPT = 64
"""Those of both sizes of type: to draw a large one takes 50 ms, amid somebody's touch."""


class Drawing(Part):
    """One of the drawings below, by name, on a ground."""

    def __init__(self, name: str, ground: str = PAPER) -> None:
        super().__init__()
        self._name, self._ground = name, ground
        self._showing: object = None
        with self.canvas:
            Color(1, 1, 1, 1)
            self._area = Rectangle()

    def put(self, rect: Rect, name: str = "") -> None:
        """Shows the drawing in the largest square of `rect`."""
        side = int(min(rect.w, rect.h))
        square = Rect(
            round(rect.x + (rect.w - side) / 2), round(rect.y + (rect.h - side) / 2), side, side
        )
        name = name or self._name
        moved = self.box(square)
        if not moved and name == self._name and self._showing == (name, side):
            return
        self._name, self._showing = name, (name, side)
        self._area.pos, self._area.size = self.pos, self.size
        self._area.texture = _picture(name, side, self._ground, id(worn()))

    def prepare(self, names: Sequence[str]) -> None:
        """Draws ahead of time what a tap may need at once."""
        for name in names:
            _picture(name, int(self.rect.w), self._ground, id(worn()))


@lru_cache(maxsize=MOST_KEPT)
def _picture(name: str, side: int, ground: str, theme: int) -> Texture | None:
    """One for all who show it, of each theme; who shows one that was dropped keeps it as long."""
    if side < 2:
        return None
    try:
        return _drawn(PICTURES[name], side, ground)
    finally:
        _put_away()


def _drawn(paint: Callable[[], None], side: int, ground: str) -> Texture:
    large, half, whole = _sheets()
    for sheet, factor in ((large, FINE), (half, FINE // 2), (whole, 1)):
        sheet.clear()
        sheet.size = (side * factor, side * factor)
    with large:
        ClearColor(*rgba(ground))
        ClearBuffers()
        PushMatrix()
        Scale(side * FINE / 100, side * FINE / 100, 1)
        paint()
        PopMatrix()
    large.draw()
    for smaller, larger in ((half, large), (whole, half)):
        with smaller:
            Color(1, 1, 1, 1)
            Rectangle(texture=larger.texture, size=smaller.size)
        smaller.draw()
    return _copied(whole)


def _copied(sheet: Fbo) -> Texture:
    picture = Texture.create(size=sheet.size, colorfmt="rgba")
    picture.blit_buffer(sheet.pixels, colorfmt="rgba", bufferfmt="ubyte")
    return picture


@cache
def _sheets() -> tuple[Fbo, Fbo, Fbo]:
    """Three for all drawings: every Fbo brings a compiled shader of its own, of megabytes."""
    return Fbo(size=(4, 4)), Fbo(size=(4, 4)), Fbo(size=(4, 4))


def _put_away() -> None:
    for sheet in _sheets():
        sheet.clear()
        sheet.size = (4, 4)
        # A sheet keeps what it was last drawn with, megabytes, until it is drawn with another.
        with sheet:
            Rectangle(size=sheet.size)
        sheet.draw()
