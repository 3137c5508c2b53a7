"""What our drawings are made of: strokes and filled shapes, in a square of 100 by 100."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, Ellipse, Line, Mesh, RoundedRectangle

from linli.kiosk.theme.tokens import rgba


def stroke(points: Sequence[float], width: float, colour: str, *, close: bool = False) -> None:
    Color(*rgba(colour))
    Line(points=points, width=width / 2, cap="round", joint="round", close=close)


def arc(x: float, y: float, r: float, start: float, end: float, width: float, colour: str) -> None:
    Color(*rgba(colour))
    Line(circle=(x, y, r, start, end, 48), width=width / 2, cap="round", joint="round")


def block(x: float, y: float, w: float, h: float, radius: float, colour: str) -> None:
    Color(*rgba(colour))
    RoundedRectangle(pos=(x, y), size=(w, h), radius=[radius], segments=24)


def disc(colour: str, x: float = 50, y: float = 50, r: float = 50) -> None:
    Color(*rgba(colour))
    Ellipse(pos=(x - r, y - r), size=(2 * r, 2 * r))


def shape(points: Sequence[tuple[float, float]], colour: str) -> None:
    """A filled shape that is seen whole from its first point."""
    Color(*rgba(colour))
    corners = [value for x, y in points for value in (x, y, 0.0, 0.0)]
    Mesh(vertices=corners, indices=list(range(len(points))), mode="triangle_fan")
