"""One figure of a benchmark, as `linli bench --json` prints it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`goal` reads like `≤ 3`; it is about `ratio` where there is a peer, else about `value`."""

    name: str
    value: float
    unit: str
    goal: str
    ok: bool
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None


def at_most(name: str, value: float, unit: str, limit: float) -> Figure:
    """A value against a fixed limit."""
    return Figure(name, round(value, 3), unit, f"≤ {limit:g} {unit}", value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Figure:
    """A rate against what it should reach."""
    return Figure(name, round(value), unit, f"≥ {limit:g} {unit}", value >= limit)


def ratio_at_least(
    name: str, value: float, unit: str, peer: str, peer_value: float, limit: float
) -> Figure:
    """A rate against a peer's, measured in the same run."""
    ratio = value / peer_value
    return Figure(
        name,
        round(value),
        unit,
        f"≥ {limit:g}×",
        ratio >= limit,
        peer,
        round(peer_value),
        round(ratio, 2),
    )


def ratio_at_most(
    name: str, value: float, unit: str, peer: str, peer_value: float, limit: float
) -> Figure:
    """A value against a peer measured in the same run."""
    ratio = value / peer_value
    return Figure(
        name,
        round(value, 3),
        unit,
        f"≤ {limit:g}×",
        ratio <= limit,
        peer,
        round(peer_value, 3),
        round(ratio, 2),
    )


def percentile(values: list[float], percent: int) -> float:
    """By the nearest rank. Raises IndexError of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def rise(values: list[float]) -> float:
    """From the first to the last along the straight line that lies closest to all of them (least
    squares). Raises ZeroDivisionError of fewer than two."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    along = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    return along / sum((place - middle) ** 2 for place in range(len(values))) * (len(values) - 1)
