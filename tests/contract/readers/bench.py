"""What a contract test of readers does with one: lays cards, pulls plugs, hears what is told."""

from __future__ import annotations

import queue
import time
from abc import ABC, abstractmethod

from linli.cards.sun import SunIdentity, read_message, verify
from linli.devices.readers.base import CardReader, CardSeen, Chip, ReaderState
from linli.devices.simulated.field import Field

PATIENCE_S = 20.0
KEY = bytes(range(16))
TRIES_A_POLL = 2


def uid(number: int) -> bytes:
    return b"\x04" + number.to_bytes(6, "big")


def identity(seen: CardSeen) -> SunIdentity:
    assert seen.ndef is not None
    return verify(read_message(seen.ndef), KEY)


class ReaderBench(ABC):
    """One real driver above simulated hardware. Subclasses set `field` and `reader` and say how
    their hardware is plugged and disturbed."""

    field: Field
    reader: CardReader
    absence = 3
    """Polls in a row without the card that end a tap."""

    def __init__(self) -> None:
        self.told: queue.Queue[CardSeen | ReaderState] = queue.Queue()

    # --- the hardware ------------------------------------------------------------------------

    @abstractmethod
    def polls(self) -> int:
        """How often the driver has looked for a card."""

    @abstractmethod
    def unplug(self) -> None: ...

    @abstractmethod
    def replug(self) -> None: ...

    @abstractmethod
    def disturb(self, noise: bytes) -> None:
        """What a bad cable would make of an answer. Only while plugged in."""

    @abstractmethod
    def another(self) -> CardReader:
        """A second driver on the same hardware."""

    @abstractmethod
    def program(self) -> str:
        """Python that makes another driver called `reader` on the same hardware."""

    @abstractmethod
    def release(self) -> None:
        """Leave no thread, no descriptor and no file."""

    def chip(self, true: Chip) -> Chip:
        """What the driver can know of a card's chip."""
        return true

    def lay_again_if_needed(self) -> None:
        """Where a driver that starts over a card that lies there already cannot know of it."""
        return

    # --- what tests say ----------------------------------------------------------------------

    def start(self) -> None:
        self.reader.start(self.told.put)
        assert self.state().up

    def close(self) -> None:
        self.reader.close()
        self.release()

    def card(self) -> CardSeen:
        """The next tap told."""
        told = self.told.get(timeout=PATIENCE_S)
        assert isinstance(told, CardSeen), told
        return told

    def state(self) -> ReaderState:
        """The next state told; taps before it are skipped."""
        while True:
            told = self.told.get(timeout=PATIENCE_S)
            if isinstance(told, ReaderState):
                return told

    def let_poll(self, times: int) -> None:
        """Wait until so many polls have been made from start to end."""
        target = self.polls() + times + 1
        deadline = time.monotonic() + PATIENCE_S
        while self.polls() < target:
            assert time.monotonic() < deadline, "the driver has stopped polling"
            time.sleep(0.005)

    def silent(self, polls: int = 5) -> bool:
        self.let_poll(polls)
        return self.told.empty()

    def flicker(self) -> None:
        """The card at the edge of the field is not heard for as long as is forgiven."""
        self.field.flicker(TRIES_A_POLL * (self.absence - 1))

    def take_away(self) -> None:
        self.field.remove()
        self.let_poll(self.absence)
