"""Receipt printers that speak ESC/POS on a serial port, on USB or on the network (Epson's TM series
and what imitates it).

Before a slip the printer is asked how it is (`DLE EOT`, answered at once even when it cannot
print); after it the printer is asked for its paper in turn (`GS r 1`, answered when all before it
has been carried out). So a slip that ended is known from one that did not. python-escpos
has lines of its own for this; they wait without end for a printer that does not answer, and do not
come back after a plug was pulled: only its bytes are used.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.printers.base import Outcome, Printed, Status
from linli.devices.printers.escpos_bytes import commands
from linli.devices.printers.network_line import PORT, NetworkLine
from linli.devices.printers.slip import Paper, Slip
from linli.devices.printers.usb_line import UsbLine
from linli.firmware_bridge.client import Line
from linli.firmware_bridge.errors import LineGoneError
from linli.firmware_bridge.serial_line import SerialLine

SPEED = 115_200
ASK_PRINTER, ASK_CAUSE, ASK_FAULT, ASK_PAPER = (b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4))
IN_TURN = b"\x1dr\x01"
FORGET = bytes.fromhex("10140801031401060208")
"""DLE DC4 8: drop what was received and not printed."""
REAL_TIME_MASK, REAL_TIME = 0x93, 0x12
"""Bits that every answer to DLE EOT has, and how they are set; those of GS r differ."""
IN_TURN_MASK, IN_TURN_BITS = 0x90, 0x00
OFFLINE = 0x08
COVER, PAPER_STOP, FAULT = 0x04, 0x20, 0x40
CUTTER = 0x08
LOW, OUT = 0x0C, 0x60
ANSWER_S, TRIES = 0.25, 3
LOOK_S = 0.3


class EscposPrinter:
    """A `Printer` (see base.py). A slip that has not ended after `patience_s` is HALF."""

    def __init__(
        self,
        line: Line,
        paper: Paper,
        name: str = "printer",
        patience_s: float = 20.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._line = line
        self._paper = paper
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._one_at_a_time = threading.RLock()

    @classmethod
    def at(cls, path: str | Path, paper: Paper, speed: int = SPEED) -> EscposPrinter:
        """On the serial port `path` (/dev/serial/by-id/…), opened at first need."""
        return cls(SerialLine(path, speed), paper)

    @classmethod
    def on_usb(cls, path: str | Path, paper: Paper) -> EscposPrinter:
        """At the printer's own file `path` (/dev/usb/lp0), opened at first need."""
        return cls(UsbLine(path), paper)

    @classmethod
    def on_network(cls, host: str, paper: Paper, port: int = PORT) -> EscposPrinter:
        """Connected at first need."""
        return cls(NetworkLine(host, port), paper)

    def status(self) -> Status:
        with self._one_at_a_time:
            try:
                return self._status()
            except LineGoneError:
                return Status.OFFLINE

    def print(self, slip: Slip) -> Printed:
        data = commands(slip, self._paper)
        with self._one_at_a_time:
            before = self.status()
            if not before.prints:
                return Printed(Outcome.NOT_PRINTED, before)
            try:
                self._line.write(FORGET + data)
                after = self._ended()
            except LineGoneError:
                return Printed(Outcome.HALF, Status.OFFLINE)
            return after

    def close(self) -> None:
        self._line.close()

    def _status(self) -> Status:
        """Cover before paper: an open cover lifts the paper off its sensor."""
        self._line.ready()
        cause, paper = self._asked(ASK_CAUSE), self._asked(ASK_PAPER)
        printer = self._asked(ASK_PRINTER)
        if printer is None or cause is None or paper is None:
            return Status.OFFLINE
        if cause & COVER:
            return Status.COVER_OPEN
        if cause & PAPER_STOP or paper & OUT:
            return Status.PAPER_OUT
        if cause & FAULT and (self._asked(ASK_FAULT) or 0) & CUTTER:
            return Status.CUTTER_JAMMED
        if printer & OFFLINE or cause & FAULT:
            return Status.OFFLINE
        return Status.PAPER_LOW if paper & LOW else Status.READY

    def _asked(self, question: bytes) -> int | None:
        for _ in range(TRIES):
            self._line.drop_input()
            self._line.write(question)
            answer = self._heard(REAL_TIME_MASK, REAL_TIME, ANSWER_S)
            if answer is not None:
                return answer
        return None

    def _ended(self) -> Printed:
        """Asks in turn once, and how it is again and again until that is answered."""
        self._line.drop_input()
        self._line.write(IN_TURN)
        deadline = self._monotonic() + self._patience_s
        while self._monotonic() < deadline:
            if self._heard(IN_TURN_MASK, IN_TURN_BITS, LOOK_S) is not None:
                return Printed(Outcome.PRINTED, self.status())
            stopped = self._stopped()
            if stopped is not None:
                return stopped
        return self._given_up(Status.OFFLINE)

    def _stopped(self) -> Printed | None:
        """A question in real time while it prints: its answer may come after the one in turn."""
        self._line.write(ASK_CAUSE)
        deadline = self._monotonic() + ANSWER_S
        while (left := deadline - self._monotonic()) > 0:
            heard = self._line.read(left)
            if any(byte & IN_TURN_MASK == IN_TURN_BITS for byte in heard):
                return Printed(Outcome.PRINTED, self.status())
            causes = [byte for byte in heard if byte & REAL_TIME_MASK == REAL_TIME]
            if causes:
                return self._judged(causes[-1])
        return None

    def _judged(self, cause: int) -> Printed | None:
        if not cause & (COVER | PAPER_STOP | FAULT):
            return None
        return self._given_up(self.status())

    def _given_up(self, status: Status) -> Printed:
        with contextlib.suppress(LineGoneError):
            self._line.write(FORGET)
        return Printed(Outcome.HALF, status)

    def _heard(self, mask: int, bits: int, within_s: float) -> int | None:
        deadline = self._monotonic() + within_s
        while (left := deadline - self._monotonic()) > 0:
            for byte in self._line.read(left):
                if byte & mask == bits:
                    return byte
        return None
