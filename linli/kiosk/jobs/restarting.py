"""Starts the program, its machine or the terminal board anew, and proves it by the start.

| what    | how it is told                                     | proven by                     |
|---------|----------------------------------------------------|-------------------------------|
| program | it ends, and its supervisor starts it again        | being asked in another start  |
| machine | a file in the unit's own directory below /run, on  | another boot id of the kernel |
|         | which systemd reboots (`linli-reboot.path`)        |                               |
| board   | SMP, os group, reset                               | its own count of starts       |

What is needed for the proof is on the disk before anything is told. A power cut before that leaves
the job unproven: it is failed as interrupted, not done a second time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError, NoAnswerError
from linli.kiosk.jobs.doing import SUCCEEDED, Done, failed, refused
from linli.sync.job_messages import Part, Restart
from linli.sync.whole_file import write_whole

FILE = "restart-under-way.json"
REBOOT = "reboot"
"""The file that asks for a new start of the machine."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
INTERRUPTED = "interrupted"


class _Note(Struct, frozen=True):
    """`before` is the kernel's boot id, or the board's count of starts."""

    job: str
    before: str


@dataclass(frozen=True)
class Machine:
    """`asks` is the directory in which systemd looks for REBOOT, None where nobody looks. `boot`
    is another for each start of the kernel. `restart` ends the program."""

    restart: Callable[[], None]
    asks: Path | None
    boot: Callable[[], str]


class Restarter:
    """The `Doer` of Restart. `notes` is a directory of the terminal's own."""

    def __init__(self, notes: Path, machine: Machine, board: Board | None) -> None:
        self._file = notes / FILE
        self._machine, self._board = machine, board
        self._begun = ""

    def begin(self, job_id: str, task: Restart) -> Done | None:
        self._begun = job_id
        match task.part:
            case Part.APP:
                self._machine.restart()
                return None
            case Part.HOST:
                return self._reboot(job_id)
            case Part.BOARD:
                return self._reset(job_id)

    def look(self, job_id: str, task: Restart) -> Done | None:
        if task.part is Part.APP:
            # Whoever did not begin it here is the program after it.
            return None if job_id == self._begun else SUCCEEDED
        before = self._before(job_id)
        if before is None:
            return failed(INTERRUPTED)
        if task.part is Part.HOST:
            return SUCCEEDED if self._machine.boot() != before else None
        count = self._count()
        return SUCCEEDED if count is not None and count != before else None

    def _reboot(self, job_id: str) -> Done | None:
        if self._machine.asks is None:
            return refused("no-host-restart", "its unit has no directory of its own below /run")
        self._note(job_id, self._machine.boot())
        (self._machine.asks / REBOOT).touch()
        return None

    def _reset(self, job_id: str) -> Done | None:
        if self._board is None:
            return refused("no-board")
        try:
            self._note(job_id, str(self._board.info().boot))
            with contextlib.suppress(NoAnswerError):  # it started before it could answer
                self._board.reset()
        except BoardError as error:
            return failed("board", str(error))
        return None

    def _count(self) -> str | None:
        """None while it does not answer."""
        try:
            return str(self._board.info().boot) if self._board is not None else None
        except BoardError:
            return None

    def _note(self, job_id: str, before: str) -> None:
        write_whole(self._file, msgspec.json.encode(_Note(job_id, before)))

    def _before(self, job_id: str) -> str | None:
        try:
            note = msgspec.json.decode(self._file.read_bytes(), type=_Note)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        return note.before if note.job == job_id else None


def boot_id() -> str:
    """Of this machine (random(4))."""
    return BOOT_ID.read_text(encoding="ascii").strip()
