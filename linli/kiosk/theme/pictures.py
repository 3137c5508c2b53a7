"""Our drawings by name, each a few strokes."""

from __future__ import annotations

import math
from collections.abc import Callable

from kivy.graphics import PopMatrix, PushMatrix, Rotate, Scale, Translate

from linli.kiosk.theme.strokes import arc, block, disc, shape, stroke
from linli.kiosk.theme.tokens import CARD, GOLD, GOLD_FILL, GREEN, LINE, RED, SOFT


def _small_card(x: float, y: float, face: str, mark: str) -> None:
    """A service card 44 wide, with its chip and a line."""
    block(x, y, 44, 30, 4, face)
    block(x + 5, y + 17, 9, 7, 1.5, GOLD_FILL)
    stroke((x + 7, y + 8, x + 28, y + 8), 3, mark)


def _card() -> None:
    """The service card held to the reader, on red."""
    _held_card(CARD, CARD, LINE)


def _card_on_paper() -> None:
    _held_card(RED, RED, CARD)


def _held_card(waves: str, face: str, marks: str) -> None:
    for radius in (17, 28, 39):
        arc(60, 57, radius, 14, 76, 4.4, waves)
    PushMatrix()
    Translate(9, 12)
    Scale(0.94, 0.94, 1)
    Rotate(angle=12, axis=(0, 0, 1), origin=(38, 26))
    block(0, 0, 78, 52, 6, face)
    block(8, 31, 15, 12, 2, GOLD_FILL)
    stroke((10, 20, 52, 20), 3.6, marks)
    stroke((10, 11, 40, 11), 3.6, marks)
    PopMatrix()


def _tick() -> None:
    disc(GREEN)
    stroke((31, 49, 45, 35, 70, 63), 8.5, CARD)


def _clock() -> None:
    disc(GOLD)
    disc(CARD, r=30)
    stroke((50, 68, 50, 50, 63, 43), 6, GOLD)


def _calendar() -> None:
    disc(GOLD)
    block(25, 25, 50, 46, 6, CARD)
    stroke((38, 76, 38, 66), 5.5, CARD)
    stroke((62, 76, 62, 66), 5.5, CARD)
    stroke((30, 58, 70, 58), 3.5, GOLD)
    for x in (37, 50, 63):
        disc(GOLD, x, 46, 3.2)
        disc(GOLD, x, 35, 3.2)


def _new_card() -> None:
    disc(RED)
    _small_card(22, 38, CARD, LINE)
    disc(RED, 67, 36, 17)
    disc(CARD, 67, 36, 13.5)
    arc(67, 39.5, 4.6, -90, 120, 3.4, RED)
    stroke((67.3, 34.6, 67.3, 33.4), 3.4, RED)
    disc(RED, 67.3, 28.6, 2)


def _lock() -> None:
    disc(RED)
    block(29, 25, 42, 33, 6, CARD)
    arc(50, 58, 13, -90, 90, 6.5, CARD)
    disc(RED, 50, 44, 4.5)
    stroke((50, 44, 50, 36), 4, RED)


def _twins() -> None:
    disc(RED)
    _small_card(20, 46, LINE, SOFT)
    block(32.5, 25.5, 49, 35, 6, RED)
    _small_card(35, 28, CARD, LINE)


def _warning() -> None:
    disc(RED)
    stroke((50, 74, 50, 44), 9, CARD)
    disc(CARD, 50, 28, 5.6)


def _again() -> None:
    disc(RED)
    for radius in (10, 19, 28):
        arc(66, 44, radius, -10, 62, 4, CARD)
    _small_card(20, 34, CARD, LINE)


def _door() -> None:
    disc(GOLD)
    block(33, 22, 34, 56, 4, CARD)
    disc(GOLD, 59, 49, 3.4)
    stroke((26, 22, 74, 22), 4, CARD)


def _numbered_door() -> None:
    """A door with room for its number."""
    disc(GOLD)
    block(29, 18, 42, 64, 4, CARD)
    disc(GOLD, 64, 32, 3)
    stroke((22, 18, 78, 18), 4, CARD)


def _memo() -> None:
    """An empty day: a calendar leaf without entries, in lines."""
    stroke((18, 20, 82, 20, 82, 78, 18, 78), 4, SOFT, close=True)
    stroke((18, 62, 82, 62), 4, SOFT)
    stroke((36, 87, 36, 72), 4, SOFT)
    stroke((64, 87, 64, 72), 4, SOFT)
    arc(50, 44, 12, 110, 250, 4, SOFT)


def _phone() -> None:
    disc(GOLD)
    block(33, 18, 34, 64, 7, CARD)
    block(38, 30, 24, 43, 2, GOLD)
    disc(GOLD, 50, 24, 3)


def _star() -> None:
    disc(GOLD_FILL)
    corners = [
        (50 + radius * math.sin(turn * math.pi / 5), 50 + radius * math.cos(turn * math.pi / 5))
        for turn, radius in ((n, (33, 13.5)[n % 2]) for n in range(11))
    ]
    shape([(50, 50), *corners], CARD)


def _neighbours() -> None:
    """Two houses side by side, a light in each."""
    disc(GOLD_FILL)
    for x in (20, 51):
        block(x + 3, 28, 23, 22, 2, CARD)
        shape([(x + 14.5, 68), (x, 48), (x + 29, 48)], CARD)
        block(x + 11, 36, 7, 8, 1, GOLD_FILL)


def _talk() -> None:
    """What somebody says."""
    disc(GOLD_FILL)
    block(23, 38, 54, 36, 9, CARD)
    shape([(36, 40), (52, 40), (34, 26)], CARD)
    for x in (38, 50, 62):
        disc(GOLD_FILL, x, 56, 3.6)


def _goods() -> None:
    """A box with a ribbon."""
    disc(GOLD_FILL)
    block(27, 24, 46, 36, 3, CARD)
    block(23, 57, 54, 13, 3, CARD)
    block(46, 24, 8, 46, 0.5, GOLD_FILL)
    stroke((50, 70, 38, 81), 5, CARD)
    stroke((50, 70, 62, 81), 5, CARD)


def _service() -> None:
    """A spanner."""
    disc(GOLD_FILL)
    stroke((34, 32, 58, 58), 12, CARD)
    arc(64, 64, 13, 75, 375, 9, CARD)


def _voucher() -> None:
    """A ticket with its notches."""
    disc(GOLD_FILL)
    block(18, 32, 64, 36, 5, CARD)
    disc(GOLD_FILL, 18, 50, 6)
    disc(GOLD_FILL, 82, 50, 6)
    for y in (38, 46, 54, 62):
        disc(GOLD_FILL, 60, y, 2.2)
    stroke((30, 56, 48, 56), 4, GOLD_FILL)
    stroke((30, 45, 44, 45), 4, GOLD_FILL)


def _alarm() -> None:
    """A white triangle with a mark, on red."""
    shape([(50, 45), (50, 92), (4, 10), (96, 10), (50, 92)], CARD)
    stroke((50, 64, 50, 38), 9, RED)
    disc(RED, 50, 23, 5.4)


def _seal() -> None:
    """The record: a sheet with a seal."""
    disc(GOLD)
    block(30, 24, 40, 54, 4, CARD)
    for y in (67, 58, 49):
        stroke((38, y, 62, y), 3.4, GOLD)
    disc(GOLD, 58, 34, 10)
    disc(CARD, 58, 34, 5)


def _network() -> None:
    """A mast and its waves."""
    disc(GOLD)
    stroke((50, 22, 50, 56), 6, CARD)
    disc(CARD, 50, 60, 6.5)
    for radius in (17, 28):
        arc(50, 60, radius, 50, 130, 4.6, CARD)
        arc(50, 60, radius, 230, 310, 4.6, CARD)


def _sound() -> None:
    disc(GOLD)
    block(23, 40, 16, 20, 2, CARD)
    shape([(32, 50), (52, 72), (52, 28), (32, 44), (32, 56), (52, 72)], CARD)
    for radius in (11, 21):
        arc(54, 50, radius, 45, 135, 4.6, CARD)


def _sun() -> None:
    disc(GOLD)
    disc(CARD, 50, 50, 14)
    for turn in range(8):
        x, y = math.sin(turn * math.pi / 4), math.cos(turn * math.pi / 4)
        stroke((50 + 22 * x, 50 + 22 * y, 50 + 32 * x, 50 + 32 * y), 5, CARD)


def _restart() -> None:
    disc(GOLD)
    arc(50, 50, 22, 60, 340, 6, CARD)
    shape([(62, 61), (80, 58), (66, 76), (56, 58)], CARD)


def _wrench() -> None:
    disc(GOLD)
    stroke((33, 33, 58, 58), 11, CARD)
    disc(CARD, 62, 62, 16)
    stroke((64, 64, 76, 76), 11, GOLD)
    disc(GOLD, 62, 62, 5.5)
    disc(CARD, 33, 33, 8.5)
    disc(GOLD, 33, 33, 3.5)


def _screen() -> None:
    """A screen, and who looks at it."""
    disc(GOLD)
    block(22, 37, 56, 38, 4, CARD)
    block(27, 42, 46, 28, 2, GOLD)
    disc(CARD, 50, 56, 9)
    disc(GOLD, 50, 56, 4)
    stroke((50, 37, 50, 28), 6, CARD)
    stroke((37, 26, 63, 26), 5, CARD)


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
    "numbered-door": _numbered_door,
    "memo": _memo,
    "phone": _phone,
    "star": _star,
    "neighbours": _neighbours,
    "talk": _talk,
    "goods": _goods,
    "service": _service,
    "voucher": _voucher,
    "alarm": _alarm,
    "seal": _seal,
    "network": _network,
    "sound": _sound,
    "sun": _sun,
    "restart": _restart,
    "wrench": _wrench,
    "screen": _screen,
}
