"""Text that our fonts can draw.

What they cannot draw (an emoji, say) becomes 〓, the printers' mark for a missing character, as on
the screens: a box on a public sheet looks like a fault, and a character left out like a lie.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from linli.ledger.documents.model import DocumentError

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
MISSING = "〓"
LONGEST = 240
"""More characters than this no field has room for: the rest becomes an ellipsis."""
BREAK = "\u200b"
"""Where a line may break, without width or ink."""
_UNBROKEN = re.compile(r"[!-~\u00a1-\u024f]{13,}")


def printable(text: str) -> str:
    """The text on one line, with only characters that have a glyph, never longer than LONGEST.

    Marks that only steer the display (direction, joining, variants) are left out: they could turn
    a neighbour's line around. Long stretches without a space may break anywhere."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    drawn = "".join(_drawn(character) for character in text)
    if len(drawn) > LONGEST:
        drawn = drawn[: LONGEST - 1] + "…"
    return _UNBROKEN.sub(lambda found: BREAK.join(found[0]), drawn)


def _drawn(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Cf"):  # before asking the fonts: they have a soft hyphen
        return ""
    if character == " " or ord(character) in _covered():
        return character
    return "" if category in ("Mn", "Me", "Sk") else MISSING


@cache
def _covered() -> frozenset[int]:
    codes: set[int] = set()
    for family in ("linli", "linli-rare"):
        try:
            ranges = json.loads((FONTS / f"{family}.json").read_text(encoding="ascii"))
        except FileNotFoundError as error:
            raise DocumentError(
                "the fonts are not built: run `python -m linli.assets.build_fonts`"
            ) from error
        for first, last in ranges:
            codes.update(range(first, last + 1))
    return frozenset(codes)
