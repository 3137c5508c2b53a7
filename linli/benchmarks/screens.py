"""How soon a terminal's screens are there, and how evenly a board moves, read from what the running
programs wrote down. Durations are seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from linli.town.fumbling import Touch
from linli.town.marks import Mark

DRAWN = ("frame", "opened")
"""The very first frame belongs to the start of the program."""
NEAR = 1
"""Pixels between where a finger was put and where it was felt."""
STILL_S = 0.2
"""Frames further apart belong to two movements."""
LEAST_FRAMES = 5
"""Fewer are no movement: a minute, or what a ledger's change altered."""


@dataclass
class Opened:
    """From the wish to show a screen to the frame that showed it; `first` times of a program."""

    first: dict[str, float] = field(default_factory=dict)
    later: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def opened(marks: Iterable[Mark]) -> Opened:
    """Of each kind of screen; where one took another's place before it was drawn, both."""
    found, waiting, before = Opened(), dict[str, float](), ""
    for mark in sorted(marks, key=lambda m: float(m["monotonic"])):
        view = str(mark.get("view", "")).lower()
        if mark["what"] == "shown":
            if view != before:
                waiting[view] = mark["monotonic"]
            before = view
        elif mark["what"] == "first-frame":
            waiting.clear()
        elif mark["what"] in DRAWN and view in waiting:
            took = mark["monotonic"] - waiting.pop(view)
            if view in found.first:
                found.later[view].append(took)
            else:
                found.first[view] = took
    return found


@dataclass(frozen=True)
class Watched:
    """What `watched.py` wrote: the touches that changed the picture, and the frames."""

    touched: tuple[Touch, ...]
    flips: tuple[float, ...]

    @classmethod
    def read(cls, path: Path) -> Watched:
        touched, flips = [], []
        for line in path.read_text(encoding="utf-8").splitlines():
            match line.split():
                case ["touched", x, y, at]:
                    touched.append(Touch(float(at), int(x), int(y)))
                case ["flipped", at]:
                    flips.append(float(at))
        return cls(tuple(touched), tuple(flips))


def answers(touches: Sequence[Touch], watched: Watched) -> list[float]:
    """From each touch that changed something to the first frame after it was felt."""
    found = []
    touched, flips = iter(touches), iter(watched.flips)
    flip = next(flips, None)
    for felt in watched.touched:
        touch = next((t for t in touched if _same(t, felt)), None)
        while flip is not None and flip < felt.at:
            flip = next(flips, None)
        if touch is None or flip is None:
            break
        found.append(flip - touch.at)
    return found


def _same(touch: Touch, felt: Touch) -> bool:
    return abs(touch.x - felt.x) <= NEAR and abs(touch.y - felt.y) <= NEAR


def frames_per_second(flips: Sequence[float]) -> float:
    """Over all movements. Raises ZeroDivisionError where nothing moved."""
    frames, seconds, run = 0, 0.0, list[float]()
    for before, after in pairwise([*flips, float("inf")]):
        run.append(before)
        if after - before > STILL_S:
            if len(run) >= LEAST_FRAMES:
                frames, seconds = frames + len(run) - 1, seconds + run[-1] - run[0]
            run = []
    return frames / seconds
