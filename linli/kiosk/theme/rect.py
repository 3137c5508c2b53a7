"""Rectangles that are cut into smaller ones: the whole of our layout. Kivy's axes, y upwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    w: float
    h: float

    @property
    def top(self) -> float:
        return self.y + self.h

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def corner(self) -> tuple[float, float]:
        return self.x, self.y

    def inset(self, dx: float, dy: float | None = None) -> Rect:
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, max(0, self.w - 2 * dx), max(0, self.h - 2 * dy))

    def cut_top(self, h: float, gap: float = 0) -> tuple[Rect, Rect]:
        """The upper part, `h` high, and what is left below the gap."""
        upper = Rect(self.x, self.top - h, self.w, h)
        return upper, Rect(self.x, self.y, self.w, max(0, self.h - h - gap))

    def cut_bottom(self, h: float, gap: float = 0) -> tuple[Rect, Rect]:
        """The lower part, `h` high, and what is left above the gap."""
        lower = Rect(self.x, self.y, self.w, h)
        return lower, Rect(self.x, self.y + h + gap, self.w, max(0, self.h - h - gap))

    def cut_left(self, w: float, gap: float = 0) -> tuple[Rect, Rect]:
        left = Rect(self.x, self.y, w, self.h)
        return left, Rect(self.x + w + gap, self.y, max(0, self.w - w - gap), self.h)

    def cut_right(self, w: float, gap: float = 0) -> tuple[Rect, Rect]:
        right = Rect(self.right - w, self.y, w, self.h)
        return right, Rect(self.x, self.y, max(0, self.w - w - gap), self.h)

    def columns(self, n: int, gap: float) -> list[Rect]:
        w = (self.w - gap * (n - 1)) / n
        return [Rect(self.x + i * (w + gap), self.y, w, self.h) for i in range(n)]

    def rows(self, n: int, gap: float, tallest: float = float("inf")) -> list[Rect]:
        """`n` rows from the top, none higher than `tallest`."""
        h = min(tallest, (self.h - gap * (n - 1)) / n)
        return [Rect(self.x, self.top - h - i * (h + gap), self.w, h) for i in range(n)]

    def centred(self, w: float, h: float) -> Rect:
        return Rect(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    def contains(self, other: Rect, slack: float = 0.5) -> bool:
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )
