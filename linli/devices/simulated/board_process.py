"""The terminal board's firmware as a running program: in QEMU, or compiled for this machine."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from enum import StrEnum
from pathlib import Path

from linli.devices.simulated.board_pins import BoardMemory, Word
from linli.devices.simulated.firmware import (
    EMULATOR,
    MPS2,
    FirmwareError,
    can_emulate,
    host_program,
    image,
)
from linli.devices.simulated.leash import Leashed, out_of_the_way
from linli.firmware_bridge.errors import LineGoneError

START_S, PAUSE_S = 20.0, 0.005


class Kind(StrEnum):
    """On what the firmware runs."""

    QEMU = "qemu"
    HOST = "host"


def best_kind() -> Kind:
    """QEMU where it is installed with its compiler, else this machine."""
    return Kind.QEMU if can_emulate() else Kind.HOST


class BoardProcess:
    """One run of the firmware above `memory`, from power on to power off. `line` is its serial
    line as a socket, in non-blocking mode."""

    def __init__(self, kind: Kind, memory: BoardMemory, reason: int, program: str = MPS2) -> None:
        """`program` is what QEMU starts (firmware.image). Returns when it is ready to hear.
        Raises FirmwareError."""
        memory[Word.REASON] = reason
        before = memory[Word.STARTS]
        self.line, theirs = socket.socketpair()
        self.line.setblocking(False)
        end = out_of_the_way(theirs.detach())
        try:
            self._process = _run(kind, memory.path, end, program)
        finally:
            os.close(end)
        self._wait_for_start(memory, before)

    def alive(self) -> bool:
        return self._process.alive()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """The power goes, between any two instructions."""
        self._process.kill()
        self.line.close()

    def _wait_for_start(self, memory: BoardMemory, before: int) -> None:
        for _ in range(round(START_S / PAUSE_S)):
            if memory[Word.STARTS] != before and memory[Word.BEAT] > 0:
                return
            if not self.alive():
                break
            threading.Event().wait(PAUSE_S)
        self.kill()
        raise FirmwareError("the board's firmware did not start")


def _run(kind: Kind, file: Path, line: int, program: str) -> Leashed:
    if kind is Kind.HOST:
        return Leashed([str(host_program()), str(file)], stdio=line)
    return Leashed(emulator(image(program), file, f"socket,id=u0,fd={line}"), passed=[line])


def emulator(kernel: Path, file: Path, line: str) -> list[str]:
    """QEMU's mps2-an385 with `kernel`, its memory in `file`, its serial line on the character
    device `line`. The watchdog of the board resets it."""
    memory = f"memory-backend-file,id=psram,size=16M,mem-path={_quoted(file)},share=on"
    return [
        EMULATOR,
        *("-machine", "mps2-an385,memory-backend=psram", "-m", "16M", "-object", memory),
        *("-kernel", str(kernel), "-display", "none", "-monitor", "none"),
        *("-chardev", line, "-serial", "chardev:u0", "-action", "watchdog=reset"),
    ]


def _quoted(path: Path) -> str:
    """A comma ends a value of QEMU's options unless it is doubled."""
    return str(path).replace(",", ",,")


class ProcessLine:
    """The line of a process as a `Line` of the bridge, for what is done before a cable is there."""

    def __init__(self, process: BoardProcess) -> None:
        self._socket = process.line

    def ready(self) -> None:
        """It is always open."""

    def write(self, data: bytes) -> None:
        try:
            self._socket.send(data)
        except OSError as error:
            raise LineGoneError(f"the firmware has gone: {error}") from error

    def read(self, timeout_s: float) -> bytes:
        select.select([self._socket], [], [], max(0.0, timeout_s))
        with contextlib.suppress(BlockingIOError):
            return self._socket.recv(4096)
        return b""

    def drop_input(self) -> None:
        while self.read(0.0):
            pass

    def close(self) -> None:
        """Left open for the cable."""
