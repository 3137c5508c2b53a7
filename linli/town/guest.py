"""Whoever stands at the terminal of a town: lays down a card, touches, and waits for what is shown.

Touches go to the terminal as those of a finger do once the window has found what they hit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from linli.devices.simulated.cards import SimulatedCard
from linli.kiosk.flows.actions import Action, write_action
from linli.town.marks import Marks
from linli.town.programs import TownError
from linli.town.town import Town

HELD_S = 0.4
"""How long a card is held to the reader."""
READ_S = 0.35
"""The least a person takes to read a screen: no touch is taken sooner after it has changed."""
PATIENCE_S = 20.0


@dataclass(frozen=True)
class Seen:
    """A screen: `view` is its kind, `said` what `flows.marked` says of it."""

    view: str
    said: str


class UnexpectedError(TownError):
    """The terminal showed something else than a person waited for; the text says what."""


class Guest:
    """`sees` is told every screen that was waited for, before anything is touched on it."""

    def __init__(self, town: Town, sees: Callable[[Seen], None] = lambda _: None) -> None:
        self.town = town
        self._told = sees
        self._marks = Marks(town.trace("kiosk"))
        self._shown: list[Seen] = []

    def sees(self, *wanted: str, within_s: float = PATIENCE_S) -> Seen:
        """Waits for one of these kinds of screens; "Redeemed:counter" only for one that says so.
        Raises UnexpectedError."""
        deadline = time.monotonic() + within_s
        passed: list[Seen] = []
        while time.monotonic() < deadline:
            self._shown += [
                Seen(str(mark["view"]), str(mark["said"]))
                for mark in self._marks.fresh()
                if mark["what"] == "shown"
            ]
            while self._shown:
                seen = self._shown.pop(0)
                if any(_is(seen, one) for one in wanted):
                    time.sleep(READ_S)
                    self._told(seen)
                    return seen
                passed.append(seen)
            time.sleep(0.02)
        self.town.check_alive()
        shown = ", ".join(f"{one.view} {one.said}".strip() for one in passed) or "nothing new"
        raise UnexpectedError(f"no {' or '.join(wanted)} within {within_s:.0f} s: {shown}")

    def touch(self, action: Action) -> None:
        self._forget()
        self.town.kiosk_control.do("act", write_action(action))

    def tap(self, account: str) -> None:
        self.lay(self.town.cards[account])

    def lay(self, card: SimulatedCard) -> None:
        """Hold a card to the reader for a moment."""
        self._forget()
        self.town.reader.field.place(card)
        time.sleep(HELD_S)
        self.town.reader.field.remove()

    def home(self) -> None:
        self.town.kiosk_control.do("home")

    def _forget(self) -> None:
        """What was shown before is no answer to what is done now."""
        self._marks.fresh()
        self._shown.clear()


def _is(seen: Seen, wanted: str) -> bool:
    view, _, word = wanted.partition(":")
    return seen.view == view and (not word or seen.said.startswith(word))
