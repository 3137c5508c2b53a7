"""The door every receipt printer stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from linli.devices.printers.slip import Slip


class Status(StrEnum):
    """The most pressing thing to know; READY and PAPER_LOW print."""

    READY = "ready"
    PAPER_LOW = "paper low"
    PAPER_OUT = "paper out"
    COVER_OPEN = "cover open"
    CUTTER_JAMMED = "cutter jammed"
    OFFLINE = "offline"
    """Unplugged, without power, with another fault of its own, or not answering."""

    @property
    def prints(self) -> bool:
        return self in (Status.READY, Status.PAPER_LOW)


class Outcome(StrEnum):
    PRINTED = "printed"
    """All of it, and cut."""
    HALF = "half"
    """It was begun and not ended: what hangs out of the printer, if anything, is no slip."""
    NOT_PRINTED = "not printed"
    """Nothing was begun."""


@dataclass(frozen=True)
class Printed:
    """`status` is why it was not printed, or what the printer says afterwards."""

    outcome: Outcome
    status: Status


class Printer(Protocol):
    """One printer. Every method may be called from any thread; a slip takes some seconds and
    others wait for it. Nothing is raised for a printer that is not there or out of paper: that is
    an answer."""

    name: str

    def print(self, slip: Slip) -> Printed:
        """Print one slip and cut it off, and wait for its end. What was not printed is forgotten:
        it does not come out by itself when there is paper again. Raises ValueError if the
        slip's QR code is wider than the paper."""

    def status(self) -> Status: ...

    def close(self) -> None:
        """Free the device. May be called twice."""
