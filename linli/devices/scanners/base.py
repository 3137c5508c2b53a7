"""The door every QR scanner stands behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Scanned:
    """Somebody held a code before the scanner; the same code again within a moment is not told.

    `monotonic`: seconds, when its last character had come. The text may be anybody's, of any
    kind."""

    scanner: str
    text: str
    monotonic: float


@dataclass(frozen=True)
class ScannerState:
    """The scanner works (`up`) or does not, and why in a few words for the maintainer."""

    scanner: str
    up: bool
    reason: str


class Scanner(Protocol):
    """One scanner with one thread of its own, in which `sink` is called; `sink` must hand over
    and return. `close` returns when the device is free; it may be called twice, and before
    `start`. A scanner that is pulled out says so and says when it is back."""

    name: str

    def start(self, sink: Callable[[Scanned | ScannerState], None]) -> None: ...

    def close(self) -> None: ...
