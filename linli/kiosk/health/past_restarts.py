"""The ends of the program that its supervisor wrote down, as they are said."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from linli.kiosk.supervisor.restarts import read_lines
from linli.sync.health_messages import RestartNote

SAID = 20


def past_restarts(path: Path) -> list[RestartNote]:
    """The newest last. They were written before this program began, so that they are read once.
    A line that was cut off is passed over."""
    try:
        lines = read_lines(path)[-SAID:]
    except OSError:
        return []
    return [note for line in lines if (note := _note(line)) is not None]


def _note(line: str) -> RestartNote | None:
    try:
        told = json.loads(line)
        at = dt.datetime.fromisoformat(told["at"])
        lived = max(0.0, float(told["lived_s"]))
        return RestartNote(at=at.astimezone(dt.UTC), reason=str(told["reason"])[:64], lived_s=lived)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
