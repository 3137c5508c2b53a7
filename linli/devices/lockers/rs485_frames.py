"""Frames of the lock boards that are sold everywhere: 9600 bit/s, 8N1, half-duplex RS-485.

    8A addr ch 11 xor     open channel ch; 0 would open all and is never made here
    80 addr ch 33 xor     how is channel ch?
    8A|80 addr ch S xor   the answers; 82 addr ch S xor is told unasked. S is 11 or 00

The last byte is the exclusive or of those before. Which S means open differs from model to model.
The check catches any one wrong byte; two wrong in the same bits pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

SPEED = 9600
OPEN, QUERY, TOLD = 0x8A, 0x80, 0x82
STATES = (0x00, 0x11)
SIZE = 5


@dataclass(frozen=True)
class Channel:
    """One lock: the board's address and the channel on it, both as its manual counts them.
    Raises ValueError for channel 0, which means all doors, and for what is no byte."""

    address: int
    channel: int

    def __post_init__(self) -> None:
        if self.channel == 0:
            raise ValueError("channel 0 means all doors of the board and is refused")
        if not (0 <= self.address <= 0xFF and 1 <= self.channel <= 0xFF):
            raise ValueError(f"address and channel are bytes: {self.address}, {self.channel}")


@dataclass(frozen=True)
class Told:
    """What a board said of a channel: `kind` is OPEN, QUERY or TOLD."""

    kind: int
    channel: Channel
    state: int


def with_check(body: bytes) -> bytes:
    return body + bytes([reduce(xor, body, 0)])


def open_frame(channel: Channel) -> bytes:
    return with_check(bytes([OPEN, channel.address, channel.channel, 0x11]))


def query_frame(channel: Channel) -> bytes:
    return with_check(bytes([QUERY, channel.address, channel.channel, 0x33]))


class Finder:
    """Finds what boards said in a stream that has noise in it, most of all at the start."""

    def __init__(self) -> None:
        self._buffer = b""

    def clear(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Told]:
        """What `data` completes, in order."""
        self._buffer += data
        found = []
        while len(self._buffer) >= SIZE:
            told = _read(self._buffer[:SIZE])
            if told is not None:
                found.append(told)
            self._buffer = self._buffer[SIZE if told is not None else 1 :]
        return found


def _read(frame: bytes) -> Told | None:
    kind, address, channel, state, _ = frame
    known = kind in (OPEN, QUERY, TOLD) and state in STATES and channel != 0
    if not known or reduce(xor, frame) != 0:
        return None
    return Told(kind, Channel(address, channel), state)
