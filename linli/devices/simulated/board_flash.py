"""What the simulated terminal board keeps without power, and power that goes while it writes."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.firmware_bridge.board import Cursor, Event, Outcome


class PowerCutError(Exception):
    """The power went; nothing after this happens."""


@dataclass
class Flash:
    """`openings` maps the last `kept` nonces to door and outcome, oldest first; `log` holds the
    last `lines` events, and `overwritten` is the newest that is gone.

    `cut_before` and `cut_after` count writes down and take the power away at that one, before it
    is kept or after.
    """

    kept: int = 64
    lines: int = 128
    boot: int = 0
    openings: dict[bytes, tuple[int, Outcome]] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    overwritten: Cursor = field(default_factory=Cursor)
    cut_before: int | None = None
    cut_after: int | None = None

    def count_boot(self) -> None:
        self._check_before()
        self.boot += 1
        self._check_after()

    def keep(self, nonce: bytes, door: int, outcome: Outcome) -> None:
        self._check_before()
        if nonce not in self.openings and len(self.openings) >= self.kept:
            del self.openings[next(iter(self.openings))]
        self.openings[nonce] = (door, outcome)
        self._check_after()

    def append(self, event: Event) -> None:
        self._check_before()
        self.log.append(event)
        if len(self.log) > self.lines:
            gone = self.log.pop(0)
            self.overwritten = Cursor(gone.boot, gone.sequence)
        self._check_after()

    def _check_before(self) -> None:
        if self.cut_before is not None:
            self.cut_before -= 1
            if self.cut_before < 0:
                self.cut_before = None
                raise PowerCutError

    def _check_after(self) -> None:
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                self.cut_after = None
                raise PowerCutError
