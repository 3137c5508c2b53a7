"""Doors that jam, lock boards that do not answer, that lose their memory, and a printer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from linli.kiosk.redeeming.machine import Slip
from linli.kiosk.redeeming.progress import Printed
from linli.kiosk.redeeming.redemption import DoorOutcome


def nothing() -> None:
    """No power cut here."""


@dataclass
class HandLocker:
    """`opened` are the doors that really opened, by nonce, in their order. `silent`: commands
    arrive, but nothing is heard of them. `away`: not even commands arrive. `in_vain` are doors
    that opened with nothing behind them."""

    jammed: set[int] = field(default_factory=set)
    silent: bool = False
    away: bool = False
    deaf: bool = False
    opened: list[tuple[int, bytes]] = field(default_factory=list)
    commands: list[tuple[int, bytes]] = field(default_factory=list)
    known: dict[bytes, DoorOutcome] = field(default_factory=dict)
    empty: set[int] = field(default_factory=set)
    in_vain: list[int] = field(default_factory=list)
    cut: Callable[[], None] = nothing

    def open(self, door: int, nonce: bytes) -> DoorOutcome:
        self.cut()
        self.commands.append((door, nonce))
        if self.away:
            return DoorOutcome.NO_ANSWER
        if self.deaf:
            raise OSError("the line is gone")
        if nonce not in self.known:
            if door not in self.jammed:
                self.opened.append((door, nonce))
                self.in_vain += [door] if door in self.empty else []
                self.empty.add(door)
            self.known[nonce] = DoorOutcome.JAM if door in self.jammed else DoorOutcome.OPENED
        self.cut()
        return DoorOutcome.UNKNOWN if self.silent else self.known[nonce]

    def outcome(self, nonce: bytes) -> DoorOutcome | None:
        self.cut()
        if self.silent or self.away or self.deaf:
            return None
        return self.known.get(nonce, DoorOutcome.UNKNOWN)

    def forget(self) -> None:
        """The lock board was without power."""
        self.known.clear()

    def heal(self) -> None:
        self.silent = self.away = self.deaf = False
        self.jammed.clear()


@dataclass
class HandPrinter:
    """`state` is what comes of each slip."""

    state: Printed = Printed.PRINTED
    gone: bool = False
    slips: list[Slip] = field(default_factory=list)
    cut: Callable[[], None] = nothing

    def print(self, slip: Slip) -> Printed:
        self.cut()
        if self.gone:
            raise OSError("the line is gone")
        if self.state is Printed.PRINTED:
            self.slips.append(slip)
        return self.state
