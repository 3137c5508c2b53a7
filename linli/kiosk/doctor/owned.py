"""Whether a device may be opened now: it is there, nobody else has it, and this user may."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from linli.devices.host.holders import holders
from linli.kiosk.doctor.finding import Code, Finding, State, Subject

BY_ID = "dev/serial/by-id"
PRINTERS = "dev/usb"
OURS = "linli"


def hindrance(subject: Subject, path: Path, root: Path) -> Finding | None:
    """Why the device at `path` cannot be tried; None where it can."""
    if not path.exists():
        values = {"path": str(path), "ports": ", ".join(plugged_in(root)) or "–"}
        return Finding(subject, State.BROKEN, Code.GONE, values)
    held = holding(subject, path, root)
    if held is not None:
        return held
    if not os.access(path, os.R_OK | os.W_OK):
        return Finding(subject, State.BROKEN, Code.NOT_ALLOWED, {"path": str(path)})
    return None


def holding(subject: Subject, path: Path, root: Path) -> Finding | None:
    """Who has the file open. For a device without a file, the database tells whether the terminal
    is running."""
    found = holders(path, root, os.getpid())
    for holder in sorted(found, key=lambda holder: OURS not in holder.command):
        values = {"command": holder.command or "?", "pid": str(holder.pid)}
        if OURS in holder.command:
            return Finding(subject, State.UNTRIED, Code.IN_USE, values)
        return Finding(subject, State.NOTICE, Code.TAKEN, values)
    return None


def plugged_in(root: Path) -> list[str]:
    """What a settings file could name: serial devices by their own names, and USB printers."""
    serial = sorted((root / BY_ID).glob("*"))
    return [str(path) for path in (*serial, *sorted((root / PRINTERS).glob("lp*")))]


class PluggedInCheck:
    """What is plugged in and named nowhere in the settings, of which `named` are the paths: a
    device that was bought and forgotten, or one that has another name now."""

    subject = Subject.PLUGGED_IN

    def __init__(self, named: Iterable[Path], root: Path) -> None:
        self._named, self._root = tuple(named), root

    def look(self) -> Finding:
        known = {path.resolve() for path in self._named}
        found = plugged_in(self._root)
        unknown = [path for path in found if Path(path).resolve() not in known]
        if not unknown:
            return Finding(self.subject, State.WELL, Code.ALL_NAMED, {"n": len(found)})
        return Finding(self.subject, State.UNTRIED, Code.NOT_NAMED, {"ports": ", ".join(unknown)})
