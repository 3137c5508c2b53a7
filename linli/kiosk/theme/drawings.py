"""Our drawings, as strokes in a square of 100 by 100.

They are drawn four times as large and halved twice, so edges are smooth without multisampling.
Each has a plain ground: a drawing knows what it stands on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

from kivy.graphics import (
    ClearBuffers,
    ClearColor,
    Color,
    Ellipse,
    Fbo,
    Line,
    Mesh,
    PopMatrix,
    PushMatrix,
    Rectangle,
    Rotate,
    RoundedRectangle,
    Scale,
    Translate,
)
from kivy.graphics.texture import Texture

from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CARD, GOLD, GOLD_FILL, GREEN, LINE, PAPER, RED, SOFT, rgba
from linli.kiosk.theme.widgets import Part

FINE = 4
MOST_KEPT = 40


class Drawing(Part):
    """One of the drawings below, by name, on a ground."""

    def __init__(self, name: str, ground: str = PAPER) -> None:
        super().__init__()
        self._name, self._ground = name, ground
        self._pictures: dict[tuple[str, float], Texture] = {}
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
        if not moved and name == self._name and (name, side) in self._pictures:
            return
        self._name = name
        self._area.pos, self._area.size = self.pos, self.size
        self._area.texture = self._picture(name, side)
        _put_away()

    def prepare(self, names: Sequence[str]) -> None:
        """Draws ahead of time what a tap may need at once."""
        for name in names:
            self._picture(name, int(self.rect.w))
        _put_away()

    def _picture(self, name: str, side: int) -> Texture | None:
        if side < 2:
            return None
        if (name, side) not in self._pictures:
            if len(self._pictures) >= MOST_KEPT:
                self._pictures.clear()
            self._pictures[name, side] = _drawn(PICTURES[name], side, self._ground)
        return self._pictures[name, side]


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


def _stroke(points: Sequence[float], width: float, colour: str, *, close: bool = False) -> None:
    Color(*rgba(colour))
    Line(points=points, width=width / 2, cap="round", joint="round", close=close)


def _arc(x: float, y: float, r: float, start: float, end: float, width: float, colour: str) -> None:
    Color(*rgba(colour))
    Line(circle=(x, y, r, start, end, 48), width=width / 2, cap="round", joint="round")


def _block(x: float, y: float, w: float, h: float, radius: float, colour: str) -> None:
    Color(*rgba(colour))
    RoundedRectangle(pos=(x, y), size=(w, h), radius=[radius], segments=24)


def _disc(colour: str, x: float = 50, y: float = 50, r: float = 50) -> None:
    Color(*rgba(colour))
    Ellipse(pos=(x - r, y - r), size=(2 * r, 2 * r))


def _small_card(x: float, y: float, face: str, mark: str) -> None:
    """A service card 44 wide, with its chip and a line."""
    _block(x, y, 44, 30, 4, face)
    _block(x + 5, y + 17, 9, 7, 1.5, GOLD_FILL)
    _stroke((x + 7, y + 8, x + 28, y + 8), 3, mark)


def _card() -> None:
    """The service card held to the reader, on red."""
    _held_card(CARD, CARD, LINE)


def _card_on_paper() -> None:
    _held_card(RED, RED, CARD)


def _held_card(waves: str, face: str, marks: str) -> None:
    for radius in (17, 28, 39):
        _arc(60, 57, radius, 14, 76, 4.4, waves)
    PushMatrix()
    Translate(9, 12)
    Scale(0.94, 0.94, 1)
    Rotate(angle=12, axis=(0, 0, 1), origin=(38, 26))
    _block(0, 0, 78, 52, 6, face)
    _block(8, 31, 15, 12, 2, GOLD_FILL)
    _stroke((10, 20, 52, 20), 3.6, marks)
    _stroke((10, 11, 40, 11), 3.6, marks)
    PopMatrix()


def _tick() -> None:
    _disc(GREEN)
    _stroke((31, 49, 45, 35, 70, 63), 8.5, CARD)


def _clock() -> None:
    _disc(GOLD)
    _disc(CARD, r=30)
    _stroke((50, 68, 50, 50, 63, 43), 6, GOLD)


def _calendar() -> None:
    _disc(GOLD)
    _block(25, 25, 50, 46, 6, CARD)
    _stroke((38, 76, 38, 66), 5.5, CARD)
    _stroke((62, 76, 62, 66), 5.5, CARD)
    _stroke((30, 58, 70, 58), 3.5, GOLD)
    for x in (37, 50, 63):
        _disc(GOLD, x, 46, 3.2)
        _disc(GOLD, x, 35, 3.2)


def _new_card() -> None:
    _disc(RED)
    _small_card(22, 38, CARD, LINE)
    _disc(RED, 67, 36, 17)
    _disc(CARD, 67, 36, 13.5)
    _arc(67, 39.5, 4.6, -90, 120, 3.4, RED)
    _stroke((67.3, 34.6, 67.3, 33.4), 3.4, RED)
    _disc(RED, 67.3, 28.6, 2)


def _lock() -> None:
    _disc(RED)
    _block(29, 25, 42, 33, 6, CARD)
    _arc(50, 58, 13, -90, 90, 6.5, CARD)
    _disc(RED, 50, 44, 4.5)
    _stroke((50, 44, 50, 36), 4, RED)


def _twins() -> None:
    _disc(RED)
    _small_card(20, 46, LINE, SOFT)
    _block(32.5, 25.5, 49, 35, 6, RED)
    _small_card(35, 28, CARD, LINE)


def _warning() -> None:
    _disc(RED)
    _stroke((50, 74, 50, 44), 9, CARD)
    _disc(CARD, 50, 28, 5.6)


def _again() -> None:
    _disc(RED)
    for radius in (10, 19, 28):
        _arc(66, 44, radius, -10, 62, 4, CARD)
    _small_card(20, 34, CARD, LINE)


def _door() -> None:
    _disc(GOLD)
    _block(33, 22, 34, 56, 4, CARD)
    _disc(GOLD, 59, 49, 3.4)
    _stroke((26, 22, 74, 22), 4, CARD)


def _memo() -> None:
    """An empty day: a calendar leaf without entries, in lines."""
    _stroke((18, 20, 82, 20, 82, 78, 18, 78), 4, SOFT, close=True)
    _stroke((18, 62, 82, 62), 4, SOFT)
    _stroke((36, 87, 36, 72), 4, SOFT)
    _stroke((64, 87, 64, 72), 4, SOFT)
    _arc(50, 44, 12, 110, 250, 4, SOFT)


def _phone() -> None:
    _disc(GOLD)
    _block(33, 18, 34, 64, 7, CARD)
    _block(38, 30, 24, 43, 2, GOLD)
    _disc(GOLD, 50, 24, 3)


def _shape(points: Sequence[tuple[float, float]], colour: str) -> None:
    """A filled shape that is seen whole from its first point."""
    Color(*rgba(colour))
    corners = [value for x, y in points for value in (x, y, 0.0, 0.0)]
    Mesh(vertices=corners, indices=list(range(len(points))), mode="triangle_fan")


def _star() -> None:
    _disc(GOLD_FILL)
    corners = [
        (50 + radius * math.sin(turn * math.pi / 5), 50 + radius * math.cos(turn * math.pi / 5))
        for turn, radius in ((n, (33, 13.5)[n % 2]) for n in range(11))
    ]
    _shape([(50, 50), *corners], CARD)


def _neighbours() -> None:
    """Two houses side by side, a light in each."""
    _disc(GOLD_FILL)
    for x in (20, 51):
        _block(x + 3, 28, 23, 22, 2, CARD)
        _shape([(x + 14.5, 68), (x, 48), (x + 29, 48)], CARD)
        _block(x + 11, 36, 7, 8, 1, GOLD_FILL)


def _talk() -> None:
    """What somebody says."""
    _disc(GOLD_FILL)
    _block(23, 38, 54, 36, 9, CARD)
    _shape([(36, 40), (52, 40), (34, 26)], CARD)
    for x in (38, 50, 62):
        _disc(GOLD_FILL, x, 56, 3.6)


PICTURES: dict[str, Callable[[], None]] = {
    "card": _card,
    "card-paper": _card_on_paper,
    "tick": _tick,
    "clock": _clock,
    "calendar": _calendar,
    "new-card": _new_card,
    "lock": _lock,
    "twins": _twins,
    "warning": _warning,
    "again": _again,
    "door": _door,
    "memo": _memo,
    "phone": _phone,
    "star": _star,
    "neighbours": _neighbours,
    "talk": _talk,
}
