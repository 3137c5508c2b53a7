"""Reads the marks that terminal and board left, and measures from a touch to what it moved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Mark = dict[str, Any]
SETTLE_S = 1.5
"""After a cut the retries spread out: what is tapped before the link has been back this long
belongs to the cut."""

ANSWERS = ("success", "choose", "refused")
"""Screens that answer a tap. To others, somebody turns by touches, in their own time."""


class Marks:
    """The marks a program has written so far, read as they come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self.all: list[Mark] = []

    def fresh(self) -> list[Mark]:
        """Marks since the last call."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._at)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._at += len(whole)
        found = [json.loads(line) for line in whole.splitlines()]
        self.all += found
        return found


class DayMarks:
    """All marks of one day. Durations are seconds."""

    def __init__(self, kiosk: Path, board: Path) -> None:
        self._kiosk = read_marks(kiosk)
        self._board = read_marks(board)
        self._by_trace: dict[str, list[Mark]] = defaultdict(list)
        for mark in self._kiosk:
            self._by_trace[mark["trace"]].append(mark)

    def commits(self) -> list[float]:
        """Card seen (or activity touched) → event on the terminal's disk."""
        return [
            mark["monotonic"] - began
            for marks in self._by_trace.values()
            for mark, began in _since_touch(marks, "committed")
        ]

    def frames(self) -> list[float]:
        """Card seen (or activity touched) → first frame that answers."""
        return [
            mark["monotonic"] - began
            for marks in self._by_trace.values()
            for mark, began in _since_touch(marks, "frame")
            if mark["view"] in ANSWERS
        ]

    def board_moves(
        self, moment_of: Mapping[int, str], record_of: Mapping[str, int]
    ) -> list[float]:
        """Card seen (or touched) → the board's first frame that shows it, outside cuts.

        `moment_of` gives the board's moment for an event's seq, `record_of` the feed number that
        carried it."""
        shown = [(m["record"], m["monotonic"]) for m in self._board if m["what"] == "frame"]
        cuts = _cuts(self._kiosk) + _cuts(self._board)
        found = []
        for marks in self._by_trace.values():
            for mark, began in _since_touch(marks, "committed"):
                record = record_of.get(moment_of.get(mark["seq"], ""))
                if record is None or any(start <= began <= end for start, end in cuts):
                    continue
                frames = [at for number, at in shown if number >= record]
                if frames:
                    found.append(min(frames) - began)
        return found


def _since_touch(marks: list[Mark], what: str) -> list[tuple[Mark, float]]:
    """The first mark named `what` after each touch, with when that was."""
    found, began = [], 0.0
    for mark in sorted(marks, key=lambda m: float(m["monotonic"])):
        if mark["what"] in ("seen", "chosen"):
            began = mark["monotonic"]
        elif mark["what"] == what and began:
            found.append((mark, began))
            began = 0.0  # what is shown later answers another touch
    return found


def _cuts(marks: list[Mark]) -> list[tuple[float, float]]:
    """From a second before the link was lost until it has been back for a while."""
    found, lost = [], 0.0
    for mark in marks:
        if mark["what"] == "offline" and not lost:
            lost = mark["monotonic"] - 1.0
        elif mark["what"] == "online" and lost:
            found.append((lost, mark["monotonic"] + SETTLE_S))
            lost = 0.0
    return found + ([(lost, float("inf"))] if lost else [])


def read_marks(path: Path) -> list[Mark]:
    """All marks in a file that a program was given with `--trace`."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]
