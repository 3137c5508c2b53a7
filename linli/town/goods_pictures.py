"""Pictures of the town's goods, drawn here: a real centre takes photos of what is on its shelf."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

SIDE, FINE = 480, 2
"""Drawn twice as large, so that edges are smooth."""
GROUND, INK = "#F6EBD9", "#5B4A36"
Draw = ImageDraw.ImageDraw


def picture(which: str) -> bytes:
    """The JPEG of one of PICTURES. Raises KeyError for another name."""
    image = Image.new("RGB", (SIDE * FINE, SIDE * FINE), GROUND)
    drawing = ImageDraw.Draw(image)
    drawing.ellipse(_box(70, 372, 410, 428), fill="#E6D6BC")
    PICTURES[which](drawing)
    out = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    return left * FINE, top * FINE, right * FINE, bottom * FINE


def _points(*corners: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * FINE, y * FINE) for x, y in corners]


def _rice(draw: Draw) -> None:
    """A sack, tied, with grains on its label."""
    draw.polygon(_points((130, 120), (350, 120), (376, 400), (104, 400)), fill="#FBFAF5")
    draw.polygon(_points((310, 120), (350, 120), (376, 400), (330, 400)), fill="#E9E4D6")
    draw.rounded_rectangle(_box(122, 86, 358, 132), 20 * FINE, fill="#C6452F")
    draw.polygon(_points((150, 90), (330, 90), (300, 54), (180, 54)), fill="#FBFAF5")
    draw.rounded_rectangle(_box(160, 190, 322, 330), 16 * FINE, fill="#C6452F")
    for x, y in ((200, 232), (242, 214), (284, 236), (220, 276), (264, 284), (242, 250)):
        draw.ellipse(_box(x - 10, y - 18, x + 10, y + 18), fill="#FFF6DC")


def _oil(draw: Draw) -> None:
    """A bottle with a handle, two thirds full."""
    draw.rounded_rectangle(_box(206, 60, 274, 104), 10 * FINE, fill="#C6452F")
    draw.polygon(_points((214, 100), (266, 100), (322, 180), (158, 180)), fill="#F6D981")
    draw.rounded_rectangle(_box(150, 168, 330, 404), 26 * FINE, fill="#F2C33F")
    draw.rounded_rectangle(_box(290, 168, 330, 404), 20 * FINE, fill="#DDA72A")
    draw.rounded_rectangle(_box(168, 232, 312, 344), 14 * FINE, fill="#FFF8E6")
    draw.ellipse(_box(206, 252, 274, 324), fill="#E9A928")
    draw.polygon(_points((240, 246), (262, 292), (218, 292)), fill="#E9A928")


def _soap(draw: Draw) -> None:
    """Two bars, one on the other, and bubbles."""
    draw.rounded_rectangle(_box(92, 286, 388, 400), 34 * FINE, fill="#7FB6A4")
    draw.rounded_rectangle(_box(116, 306, 364, 362), 22 * FINE, fill="#9BCBBB")
    draw.rounded_rectangle(_box(122, 186, 360, 292), 32 * FINE, fill="#F3D6C4")
    draw.rounded_rectangle(_box(146, 204, 336, 256), 20 * FINE, fill="#F9E6DA")
    for x, y, r in ((330, 120, 34), (272, 96, 20), (380, 166, 18), (230, 140, 14)):
        draw.ellipse(_box(x - r, y - r, x + r, y + r), fill="#FFFFFF", outline="#B9D7CE", width=6)


def _towel(draw: Draw) -> None:
    """Two folded towels with a stripe."""
    for top, face, stripe in ((280, "#C6452F", "#F3C9BD"), (168, "#F7F3EA", "#C6452F")):
        draw.rounded_rectangle(_box(92, top, 388, top + 116), 30 * FINE, fill=face)
        draw.rectangle(_box(92, top + 70, 388, top + 86), fill=stripe)
        draw.arc(_box(344, top + 8, 388, top + 108), 270, 90, fill=INK, width=5 * FINE)


def _repair(draw: Draw) -> None:
    """A box of tools."""
    draw.arc(_box(176, 96, 304, 220), 180, 360, fill=INK, width=16 * FINE)
    draw.rounded_rectangle(_box(92, 160, 388, 400), 26 * FINE, fill="#C6452F")
    draw.rectangle(_box(92, 236, 388, 256), fill="#8F2A1A")
    draw.rounded_rectangle(_box(212, 222, 268, 280), 10 * FINE, fill="#F2C33F")
    draw.rounded_rectangle(_box(118, 300, 362, 360), 14 * FINE, fill="#D9644E")


PICTURES: dict[str, Callable[[Draw], None]] = {
    "rice": _rice,
    "oil": _oil,
    "soap": _soap,
    "towel": _towel,
    "repair": _repair,
}
