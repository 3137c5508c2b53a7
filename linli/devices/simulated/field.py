"""The reader's radio field: a hand lays cards into it, the simulated chip talks to them.

A card is idle, selected or halted (ISO/IEC 14443-3, 6.3); without power it forgets. Every method
may be called from any thread.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum, auto

from linli.devices.simulated.cards import ISO_DEP_SAK, SimulatedCard


class _CardState(Enum):
    IDLE = auto()
    SELECTED = auto()
    HALTED = auto()


@dataclass
class _Tear:
    answers: int
    returns: bool


class Field:
    """One antenna with at most one card on it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._powered = False
        self._card: SimulatedCard | None = None
        self._state = _CardState.IDLE
        self._tear: _Tear | None = None
        self._unheard = 0

    # --- the hand ----------------------------------------------------------------------------

    @property
    def lying(self) -> SimulatedCard | None:
        """The card on the antenna."""
        with self._lock:
            return self._card

    def place(self, card: SimulatedCard) -> None:
        """Lay a card on the reader; the one that was there is taken away."""
        with self._lock:
            self._card = card
            self._power_up()

    def remove(self) -> None:
        """Take the card away."""
        with self._lock:
            self._card = None
            self._tear, self._unheard = None, 0

    def tap(self, card: SimulatedCard, seconds: float = 0.4) -> None:
        """Hold a card to the reader for so long; returns when it is away again."""
        self.place(card)
        time.sleep(seconds)
        self.remove()

    def tear(self, answers: int, *, returns: bool = True) -> None:
        """Break contact after so many more answers of the card. With `returns` it has lost power
        for a moment and still lies there, otherwise it has been taken away."""
        with self._lock:
            self._tear = _Tear(answers, returns)

    def flicker(self, requests: int) -> None:
        """The card is at the edge of the field and does not hear so many requests (REQA)."""
        with self._lock:
            self._unheard = requests

    # --- the chip ----------------------------------------------------------------------------

    def switch(self, *, on: bool) -> None:
        """The field on or off."""
        with self._lock:
            if on and not self._powered:
                self._power_up()
            self._powered = on

    def select(self) -> SimulatedCard | None:
        """Search and anticollision: the card that answers REQA and is now selected.

        A card in an ISO-DEP session ignores REQA; another selected card is put off by it and
        answers only the next one."""
        with self._lock:
            card = self._card
            if card is None or not self._powered or self._state is _CardState.HALTED:
                return None
            if self._unheard:
                self._unheard -= 1
                return None
            if self._state is _CardState.SELECTED:
                if not card.sak & ISO_DEP_SAK:
                    self._state = _CardState.IDLE
                return None
            self._state = _CardState.SELECTED
            return card

    def hears(self, card: SimulatedCard) -> bool:
        """A reader's presence check: this card is still selected and answers."""
        with self._lock:
            selected = self._powered and self._state is _CardState.SELECTED
            if card is not self._card or not selected:
                return False
            if self._unheard:
                self._unheard -= 1
                return False
            return True

    def send(self, frame: bytes) -> bytes | None:
        """A frame to the selected card, and its answer; None is silence."""
        with self._lock:
            card = self._card
            if card is None or not self._powered or self._state is not _CardState.SELECTED:
                return None
            if self._torn():
                return None
            answer = card.answer(frame)
            if answer is None and not card.sak & ISO_DEP_SAK:
                self._state = _CardState.IDLE  # a type 2 tag must be selected again after that
            return answer

    def halt(self) -> None:
        """Send the card to sleep until the field has been off."""
        with self._lock:
            self._state = _CardState.HALTED

    def _power_up(self) -> None:
        self._state = _CardState.IDLE
        if self._card is not None:
            self._card.power_up()

    def _torn(self) -> bool:
        if self._tear is None:
            return False
        if self._tear.answers:
            self._tear.answers -= 1
            return False
        returns, self._tear = self._tear.returns, None
        if returns:
            self._power_up()
        else:
            self._card = None
        return True
