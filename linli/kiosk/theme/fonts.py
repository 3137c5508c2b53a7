"""Our font families, and which of them has a character.

Kivy does not look into a second font when the first lacks a glyph: it draws a box. So every text
is cut into stretches of one family each. What no family has is shown as 〓, the printers' mark
for a missing character, never as a box."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
EVERYDAY, RARE = "linli", "linli-rare"
MISSING = "〓"
LINE_BREAK = ord("\n")
"""Has no glyph and needs none."""


class FontsMissingError(RuntimeError):
    """The fonts were not built."""

    def __init__(self) -> None:
        super().__init__("the fonts are not built: run `python -m linli.assets.build_fonts`")


class Coverage:
    """The code points of a family, as ranges: as a set the rare ones took 4 MB."""

    def __init__(self, ranges: Sequence[Sequence[int]]) -> None:
        self._firsts = [first for first, _ in ranges]
        self._lasts = [last for _, last in ranges]

    def __contains__(self, code: int) -> bool:
        at = bisect_right(self._firsts, code) - 1
        return at >= 0 and code <= self._lasts[at]


@cache
def coverage(family: str) -> Coverage:
    """What a family can draw; the rare one's list is only read when somebody needs it."""
    try:
        ranges = json.loads((FONTS / f"{family}.json").read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise FontsMissingError from error
    if family == EVERYDAY:
        ranges = [[LINE_BREAK, LINE_BREAK], *ranges]  # it comes before every letter
    return Coverage(ranges)


def family_of(character: str) -> str | None:
    code = ord(character)
    if code in coverage(EVERYDAY):
        return EVERYDAY
    return RARE if code in coverage(RARE) else None


def stretches(text: str) -> Iterator[tuple[str, str]]:
    """The text as (stretch, family), every character of it covered by its family."""
    everyday = coverage(EVERYDAY)
    if all(ord(character) in everyday for character in text):
        if text:
            yield text, EVERYDAY
        return
    stretch, family = "", EVERYDAY
    for character in text:
        found = family_of(character)
        if found is None:
            character, found = MISSING, EVERYDAY
        if found != family and stretch:
            yield stretch, family
            stretch = ""
        family = found
        stretch += character
    if stretch:
        yield stretch, family


def font_file(family: str, *, bold: bool) -> Path:
    return FONTS / f"{family}-{'bold' if bold else 'regular'}.otf"


@cache
def register() -> None:
    """Makes the families known to Kivy by name, each with its bold. Files are opened at use."""
    from kivy.core.text import LabelBase

    for family in (EVERYDAY, RARE):
        regular = font_file(family, bold=False)
        if not regular.exists():
            raise FontsMissingError
        LabelBase.register(family, str(regular), fn_bold=str(font_file(family, bold=True)))
