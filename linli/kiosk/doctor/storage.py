"""Where the terminal keeps what it has recorded: the disk, and the database on it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from linli.devices.host.readings import Readings, Room
from linli.kiosk.doctor.finding import Code, Finding, State, Subject

MB = 1_000_000
FULL, NEARLY_FULL = 100 * MB, 1_000 * MB
TRIED = ".doctor"


class DiskCheck:
    """`room` of the directory; a small file is written there and taken away again."""

    subject = Subject.DISK

    def __init__(
        self, directory: Path, read: Callable[[], Readings], room: Callable[[Path], Room]
    ) -> None:
        self._directory, self._read, self._room = directory, read, room

    def look(self) -> Finding:
        try:
            free = self._room(_there(self._directory)).free
            _write(_there(self._directory) / f"{TRIED}-{os.getpid()}")
        except OSError as error:
            values = {"path": str(self._directory), "error": error.strerror or str(error)}
            return Finding(self.subject, State.BROKEN, Code.DISK_NOT_WRITTEN, values)
        state, code = self._judged(free)
        return Finding(self.subject, state, code, {"free": f"{free / 1e9:.1f} GB"})

    def _judged(self, free: int) -> tuple[State, Code]:
        if free < FULL:
            return State.BROKEN, Code.DISK_FULL
        if free < NEARLY_FULL:
            return State.NOTICE, Code.DISK_NEARLY_FULL
        if any(wear.old for wear in self._read().wear.values()):
            return State.NOTICE, Code.DISK_OLD
        return State.WELL, Code.DISK_WELL


class DatabaseCheck:
    """SQLite's own quick check of `terminal.db`, opened to be read only; it may be in use."""

    subject = Subject.DATABASE

    def __init__(self, path: Path) -> None:
        self._path = path

    def look(self) -> Finding:
        if not self._path.exists():
            return Finding(self.subject, State.UNTRIED, Code.DATABASE_NOT_BEGUN)
        try:
            with closing(
                sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
            ) as db:
                said = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            said = str(error)
        if said != "ok":
            return Finding(self.subject, State.BROKEN, Code.DATABASE_DAMAGED, {"error": said})
        return Finding(self.subject, State.WELL, Code.DATABASE_WELL)


class SavingCheck:
    """`save` records something with the running terminal's own hand. Raises OSError where that is
    not kept."""

    subject = Subject.DATABASE

    def __init__(self, save: Callable[[], None], then: DatabaseCheck) -> None:
        self._save, self._then = save, then

    def look(self) -> Finding:
        try:
            self._save()
        except OSError as error:
            values = {"error": str(error)}
            return Finding(self.subject, State.BROKEN, Code.DATABASE_NOT_SAVED, values)
        return self._then.look()


def _there(directory: Path) -> Path:
    """The directory, or what it will be made in."""
    while not directory.exists():
        directory = directory.parent
    return directory


def _write(path: Path) -> None:
    try:
        with path.open("wb") as file:
            file.write(b"linli")
            file.flush()
            os.fsync(file.fileno())
    finally:
        path.unlink(missing_ok=True)
