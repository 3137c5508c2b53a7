"""What came out of a simulated printer: rows of dots, as a picture for people and tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

CELL_W, CELL_H, ROW_H = 12, 24, 30
"""Dots of one column, of its characters, and of a row with the gap below it."""
MARGIN = 24
PAPER, INK = 250, 20


@dataclass(frozen=True)
class TextRow:
    """`centred` or at the left; `scale` 2 is twice as wide and high."""

    text: str
    centred: bool = False
    scale: int = 1


@dataclass(frozen=True)
class QrRow:
    text: str
    dots: int
    centred: bool = False


Row = TextRow | QrRow


@dataclass
class Receipt:
    """One piece of paper. `cut` is False for what still hangs in the printer or was torn off."""

    dots: int
    rows: list[Row] = field(default_factory=list)
    cut: bool = False

    @property
    def text(self) -> str:
        """Its rows of text, without the spaces at their ends."""
        return "\n".join(row.text.rstrip() for row in self.rows if isinstance(row, TextRow))

    @property
    def codes(self) -> list[str]:
        """What its QR codes say."""
        return [row.text for row in self.rows if isinstance(row, QrRow)]

    def picture(self, font: Path) -> Image.Image:
        """Black dots on white paper, with the characters of `font` (a file) in the printer's
        cells. Grey levels, so that it is pleasant to look at."""
        height = sum(_height(row) for row in self.rows) + 2 * MARGIN
        image = Image.new("L", (self.dots + 2 * MARGIN, height), PAPER)
        at = MARGIN
        for row in self.rows:
            part = _text(row, font) if isinstance(row, TextRow) else _code(row)
            left = MARGIN + ((self.dots - part.width) // 2 if row.centred else 0)
            image.paste(part, (left, at))
            at += _height(row)
        return image


def cells(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def _height(row: Row) -> int:
    return ROW_H * row.scale if isinstance(row, TextRow) else _code(row).height


def _text(row: TextRow, font: Path) -> Image.Image:
    size = CELL_H * row.scale
    image = Image.new("L", (max(1, cells(row.text) * CELL_W * row.scale), size + 6), PAPER)
    draw, face = ImageDraw.Draw(image), _face(font, size)
    at = 0
    for character in row.text:
        wide = cells(character) * CELL_W * row.scale
        draw.text((at + wide / 2, size / 2 + 1), character, font=face, fill=INK, anchor="mm")
        at += wide
    return image


@cache
def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), size - 2)


@cache
def _code(row: QrRow) -> Image.Image:
    modules = segno.make(row.text, error="m", boost_error=False, micro=False).matrix
    side = len(modules)
    image = Image.new("L", (side, side), PAPER)
    image.putdata([INK if dark else PAPER for line in modules for dark in line])
    return image.resize((side * row.dots, side * row.dots), Image.Resampling.NEAREST)
