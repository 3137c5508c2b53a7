"""Why the program was started again: kept for whoever looks after the terminal."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path

MOST_KEPT = 200
ASKED_CODE = 75
"""What a program ends with that a maintainer asked to start again (EX_TEMPFAIL of sysexits(3))."""


@dataclass(frozen=True)
class Restart:
    """`reason` is `frozen`, `no-window`, `not-confirmed` (a version on trial), `asked`, `exit N` or
    `signal N`; `lived_s` how long it ran."""

    at: dt.datetime
    reason: str
    lived_s: float


def reason_of(code: int, *, frozen: bool, came_up: bool, overdue: bool = False) -> str:
    """Of a program that ended with this return code (negative: by a signal)."""
    if overdue:
        return "not-confirmed"
    if frozen:
        return "frozen" if came_up else "no-window"
    if code == ASKED_CODE:
        return "asked"
    return f"signal {-code}" if code < 0 else f"exit {code}"


def note(path: Path, restart: Restart) -> None:
    """One more line, the oldest go. What cannot be written is not worth a terminal."""
    line = json.dumps(
        {
            "at": restart.at.isoformat(timespec="seconds"),
            "reason": restart.reason,
            "lived_s": round(restart.lived_s, 1),
        }
    )
    try:
        lines = [*read_lines(path), line][-MOST_KEPT:]
        part = path.with_name(path.name + ".part")
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        print(f"the restart was not written down: {error}", flush=True)


def reasons_since(path: Path, moment: dt.datetime) -> list[str]:
    """Of the ends since then, the newest last, those left out that somebody asked for."""
    found = []
    for line in read_lines(path):
        try:
            told = json.loads(line)
            if dt.datetime.fromisoformat(told["at"]) >= moment and told["reason"] != "asked":
                found.append(str(told["reason"]))
        except (ValueError, KeyError, TypeError):
            continue  # torn by a power cut
    return found


def read_lines(path: Path) -> list[str]:
    """The newest last; none where nothing was kept."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
