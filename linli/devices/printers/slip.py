"""A slip as a plain value, and how it is laid out in columns.

A receipt printer has 32 columns on 58 mm of paper and 48 on 80 mm; a character that is not ASCII
takes two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

MISSING = "〓"
"""The printers' mark for a character that cannot be shown."""


class Paper(Enum):
    """Columns and dots across."""

    MM58 = (32, 384)
    MM80 = (48, 576)

    @property
    def columns(self) -> int:
        return self.value[0]

    @property
    def dots(self) -> int:
        return self.value[1]


@dataclass(frozen=True)
class Line:
    label: str
    value: str = ""


@dataclass(frozen=True)
class Slip:
    """`title` is printed twice as large, `qr` is what the QR code says (None: no code): up to some
    hundred characters, and better an address of less than fifty."""

    title: str
    lines: tuple[Line, ...] = ()
    qr: str | None = None
    footer: str = ""


def clean(text: str) -> str:
    """The text without characters that would be commands to the printer or cannot be sent; every
    kind of space is a plain one."""
    return "".join(_cleaned(character) for character in unicodedata.normalize("NFC", text))


def _cleaned(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if category == "Cf" or unicodedata.combining(character):
        return ""
    return MISSING if category in ("Cs", "Cn", "Co") else character


def width(text: str) -> int:
    """Columns of clean text."""
    return sum(1 if character.isascii() else 2 for character in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Clean text in rows of at most so many columns; words of ASCII are kept whole where they
    fit. Raises ValueError under two columns."""
    if columns < 2:
        raise ValueError("a row takes at least one wide character")
    rows = [""]
    for piece in _pieces(text):
        if width(rows[-1]) + width(piece) > columns:
            rows[-1] = rows[-1].rstrip(" ")
            rows.append("")
            piece = piece.lstrip(" ")
        while width(piece) > columns:
            rows[-1:] = [piece[:columns], ""]
            piece = piece[columns:]
        rows[-1] += piece
    return [row for row in rows if row]


def _pieces(text: str) -> Iterator[str]:
    """What is not broken at the end of a row: words of ASCII, spaces, and single characters."""
    word = ""
    for character in text:
        if character.isascii() and character != " ":
            word += character
            continue
        if word:
            yield word
            word = ""
        yield character
    if word:
        yield word


def laid_out(line: Line, columns: int) -> list[str]:
    """The label at the left and the value at the right, of one row if both fit with a space
    between, else the value in rows of its own. Rows with a value are full."""
    label, value = clean(line.label), clean(line.value)
    room = columns - width(label) - width(value)
    if value and room >= (1 if label else 0):
        return [label + " " * room + value]
    rows = wrapped(value, columns)
    return wrapped(label, columns) + [" " * (columns - width(row)) + row for row in rows]
