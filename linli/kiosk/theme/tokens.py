"""Colours, type and spacing of every screen and of the board. Sizes are pixels at 1280×800
landscape or 864×1536 portrait (the board: 1920×1080); `Look` scales them to the real window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PAPER, CARD, LINE = "#FBF7F0", "#FFFFFF", "#E7DED0"
INK, SOFT = "#1F1B16", "#544C42"
RED, RED_DEEP, RED_SOFT = "#9E1B14", "#7F130D", "#FDF3F0"
GOLD, GOLD_SOFT, GOLD_LINE, GOLD_FILL = "#6A4606", "#FBF0D9", "#E8C987", "#D9A441"
GREEN, GREEN_SOFT = "#12573A", "#E3F3EA"
RAIL = "#F1E9DC"
FIRST, SECOND, THIRD = "#E6B43A", "#C9CDD3", "#D9A07C"
HATCH_DARK, HATCH_LIGHT = "#E3A29C", "#F3D3CE"

PAIRS = (
    (INK, PAPER),
    (INK, CARD),
    (INK, GOLD_SOFT),
    (INK, FIRST),
    (INK, SECOND),
    (INK, THIRD),
    (INK, RAIL),
    (INK, RED_SOFT),
    (INK, GREEN_SOFT),
    (SOFT, PAPER),
    (SOFT, CARD),
    (SOFT, GOLD_SOFT),
    (RED, PAPER),
    (RED, CARD),
    (RED, GOLD_SOFT),
    (RED, RED_SOFT),
    (CARD, RED),
    (CARD, RED_DEEP),
    (GOLD, PAPER),
    (GOLD, CARD),
    (GOLD, GOLD_SOFT),
    (GREEN, PAPER),
    (GREEN, CARD),
    (GREEN, GREEN_SOFT),
    (CARD, GREEN),
)
"""Text on ground as the screens use them; a test holds every pair to CONTRAST."""
CONTRAST = 7.0
"""WCAG 2.2, 1.4.6."""
SMALLEST, SMALLEST_TARGET, SMALLEST_BOARD = 28, 72, 32

RADIUS_CARD, RADIUS_BUTTON = 28, 24
MARGIN, GAP = 36, 24
BORDER = 2
GLIDE_S, TURN_S = 0.6, 0.24
"""How long lines of the board are on their way, and a page that turns."""


@dataclass(frozen=True)
class Theme:
    """What tokens look like: `colours` take the place of some of them, `edges` where they are the
    line around a surface. No border is thinner than `border`, no text fainter than `contrast`."""

    colours: Mapping[str, str] = field(default_factory=dict)
    edges: Mapping[str, str] = field(default_factory=dict)
    border: float = BORDER
    contrast: float = CONTRAST


CALM = Theme()
_worn = CALM


def wear(theme: Theme) -> None:
    """The theme of all that is drawn from now on in this process: chosen once, at the start."""
    global _worn
    _worn = theme


def worn() -> Theme:
    return _worn


@dataclass(frozen=True)
class Type:
    """The steps of the type scale."""

    figure: int = 112
    display: int = 84
    hero: int = 72
    title: int = 56
    heading: int = 46
    strong: int = 38
    body: int = 34
    small: int = 28


NORMAL = Type()
LARGE = Type(figure=124, display=96, hero=80, title=66, heading=54, strong=46, body=41, small=34)
LANDSCAPE, PORTRAIT, BOARD = (1280, 800), (864, 1536), (1920, 1080)


class Look:
    """The tokens at one window's size."""

    def __init__(self, size: tuple[float, float], large_type: bool = False) -> None:
        width, height = size
        self.portrait = height > width
        base = PORTRAIT if self.portrait else LANDSCAPE
        self.scale = min(width / base[0], height / base[1])
        self.large = large_type
        self._type = LARGE if large_type else NORMAL

    def px(self, value: float) -> float:
        return round(value * self.scale)

    def type(self, *steps: str) -> tuple[float, ...]:
        """The named steps, largest first, as a text tries them when room is short. In large type
        the normal ones between them too: else what has no room for one step of it would take the
        next, and be smaller than in normal type."""
        sizes = {getattr(self._type, step) for step in steps}
        sizes |= {size for step in steps if (size := getattr(NORMAL, step)) >= min(sizes)}
        return tuple(self.px(size) for size in sorted(sizes, reverse=True))


def rgba(colour: str) -> tuple[float, float, float, float]:
    """A token as the theme has it."""
    return _parts(_worn.colours.get(colour, colour))


def edge(colour: str) -> tuple[float, float, float, float]:
    """A token as the line around a surface."""
    return _parts(_worn.edges.get(colour) or _worn.colours.get(colour, colour))


def _parts(colour: str) -> tuple[float, float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue, 1.0


def contrast(text: str, ground: str) -> float:
    """WCAG's contrast ratio of two tokens in the theme that is worn, 1…21."""
    lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in rgba(colour)[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
