"""The lock board or the terminal board: answering, its doors shut, its housing closed. No door is
opened: behind each lies something that belongs to somebody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from linli.devices.lockers.base import Locker, LockerGoneError
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.doctor.owned import hindrance

Opened = tuple[Locker, Board | None]


class LockerCheck:
    """`borrow` opens it, or hands over the one in use, with the board whose housing has a switch.
    `path` is None for one in use; what was opened here is closed."""

    subject = Subject.LOCKER

    def __init__(self, borrow: Callable[[], Opened], path: Path | None, root: Path) -> None:
        self._borrow, self._path, self._root = borrow, path, root

    def look(self) -> Finding:
        hindered = self._path and hindrance(self.subject, self._path, self._root)
        if hindered:
            return hindered
        locker, board = self._borrow()
        try:
            return self._judged(locker, board)
        finally:
            if self._path is not None:
                locker.close()
                if board is not None:
                    board.close()

    def _judged(self, locker: Locker, board: Board | None) -> Finding:
        try:
            states = locker.states()
            tampered = board is not None and bool(board.sensors().tamper)
        except (LockerGoneError, BoardError):
            return Finding(self.subject, State.BROKEN, Code.SILENT)
        standing = [str(door) for door, stands_open in sorted(states.items()) if stands_open]
        if tampered:
            return Finding(self.subject, State.NOTICE, Code.LOCKER_TAMPERED)
        if standing:
            values = {"doors": ", ".join(standing)}
            return Finding(self.subject, State.NOTICE, Code.LOCKER_DOOR_OPEN, values)
        return Finding(self.subject, State.WELL, Code.LOCKER_WELL, {"n": len(states)})


class NotSetCheck:
    """Of something this terminal is not meant to have."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def look(self) -> Finding:
        return Finding(self.subject, State.ABSENT, Code.NOT_SET)
