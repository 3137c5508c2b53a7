"""A plot of costs by size, as an SVG file: sizes by their logarithm, so that log n is a line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 70, 230, 30, 50
COLOURS = ("#b3261e", "#c77700", "#1a6e3c", "#1f5fa8", "#6b4fa0", "#555555")


def plot(path: Path, title: str, lines: Mapping[str, Sequence[tuple[int, float]]]) -> None:
    """Write the lines, each a list of (size, µs), with their names."""
    sizes = sorted({size for line in lines.values() for size, _ in line})
    most = max(cost for line in lines.values() for _, cost in line) * 1.1
    span = math.log10(sizes[-1]) - math.log10(sizes[0])

    def x(size: int) -> float:
        share = (math.log10(size) - math.log10(sizes[0])) / span
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - cost / most * (HEIGHT - TOP - BOTTOM)

    parts = [_text(LEFT, 18, title)]
    for size in sizes:
        parts.append(_line([(x(size), TOP), (x(size), HEIGHT - BOTTOM)], "#dddddd"))
        parts.append(_text(x(size) - 22, HEIGHT - BOTTOM + 20, f"{size:,}"))
    for cost in (most * n / 5 for n in range(6)):
        parts.append(_line([(LEFT, y(cost)), (WIDTH - RIGHT, y(cost))], "#eeeeee"))
        parts.append(_text(8, y(cost) + 4, f"{cost:.0f} µs"))
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        points = [(x(size), y(cost)) for size, cost in line]
        parts.append(_line(points, colour, 2))
        parts.append(_text(points[-1][0] + 8, points[-1][1] + 4, name, colour))
    body = "\n".join(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


def _line(points: Sequence[tuple[float, float]], colour: str, width: int = 1) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{path}"/>'


def _text(x: float, y: float, text: str, colour: str = "#333333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(text)}</text>'
