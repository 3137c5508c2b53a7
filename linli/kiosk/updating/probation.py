"""A version on trial confirms itself, once it has shown that people are served by it.

| shown                                   | how                                                   |
|-----------------------------------------|-------------------------------------------------------|
| the window is drawn                     | its loop turned each second for a minute (`steady_s`  |
|                                         | of them), without gap                                 |
| the database is open                    | a probation is begun after it was                     |
| the board answers, where there is one   | asked at the end of the minute, and until it does     |

Never that the broker is reached: a centre without a network takes an update from a USB stick. Until
it is confirmed, a version that falls, hangs or goes on for five minutes is ended by the supervisor
and started again, and at the start after the third it is rolled back (`states`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from linli.kiosk.updating import states
from linli.kiosk.updating.begin import DIRECTORY_VARIABLE
from linli.kiosk.updating.slots import Slots, StandingError
from linli.kiosk.updating.states import Standing, Step, UpdateRefusedError
from linli.sync.rounds import Rounds

LOOK_S, STEADY_S = 1.0, 60
"""How often the window is asked to turn, and how long it must have, each time."""
NOTE = "trial"
WINDOW, BOARD = "window", "board"
"""What a trial waits for, as it is noted under `waits-for`: why it was not confirmed, once it is
rolled back."""
Post = Callable[[Callable[[], None]], None]


def on_trial(standing: Standing) -> bool:
    """Whether the version that starts has yet to be confirmed."""
    return standing.candidate is not None and standing.candidate.step is Step.PROBATION


def is_switched(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the next start is another version than the one that runs: the launcher's to make."""
    directory = environment.get(DIRECTORY_VARIABLE)
    if directory is None:
        return False
    try:
        candidate = Slots(Path(directory)).read().candidate
    except (StandingError, OSError):
        return False
    return candidate is not None and candidate.step is Step.SWITCHED


def superseded(environment: Mapping[str, str] = os.environ) -> Callable[[], bool]:
    """For a program whose probation it is not: says whether, since now, another version was
    confirmed or came back."""
    directory = environment.get(DIRECTORY_VARIABLE)
    if directory is None:
        return lambda: False
    slots = Slots(Path(directory))

    def started() -> tuple[str | None, bool] | None:
        try:
            standing = slots.read()
        except (StandingError, OSError):
            return None
        return standing.starts_from, standing.candidate is None

    began_with = started()

    def is_other() -> bool:
        found = started()
        if began_with is None or found is None:
            return False
        slot, decided = found
        return decided and slot != began_with[0]

    return is_other


def trial_of(environment: Mapping[str, str] = os.environ) -> Slots | None:
    """Where the version that runs is on trial; None where it is not, or nothing is updated here."""
    directory = environment.get(DIRECTORY_VARIABLE)
    if directory is None:
        return None
    slots = Slots(Path(directory))
    try:
        return slots if on_trial(slots.read()) else None
    except (StandingError, OSError):
        return None  # the package's own version runs: `begin` has said why


class Probation:
    """`board_answers` also where no board is plugged in. `said` is told how it ended."""

    def __init__(
        self,
        slots: Slots,
        board_answers: Callable[[], bool],
        said: Callable[[str], None],
        look_s: float = LOOK_S,
        steady_s: float = STEADY_S,
    ) -> None:
        self._slots, self._board_answers, self._said = slots, board_answers, said
        self._look_s, self._long_enough = look_s, round(steady_s / look_s)
        self._waits_for = ""
        self._turned, self._steady = threading.Event(), 0
        self._rounds = Rounds("probation", self._round)

    def start(self, post: Post) -> None:
        """`post` has something done in the window's loop, soon. The database is open by now."""
        self._post = post
        self._rounds.start()

    def close(self) -> None:
        """A trial that is cut short is not decided: the next start goes on with it."""
        self._rounds.close()

    def _round(self) -> float | None:
        if not self._waits_for:
            self._note(WINDOW)
        self._steady = self._steady + 1 if self._turned.is_set() else 0
        if self._steady >= self._long_enough:
            if self._board_answers():
                self._confirm()
                return None
            self._note(BOARD)
        self._turned.clear()
        self._post(self._turned.set)
        return self._look_s

    def _note(self, waits_for: str) -> None:
        if waits_for == self._waits_for:
            return
        self._waits_for = waits_for
        try:
            self._slots.note(NOTE, {"waits-for": waits_for})
        except OSError as error:
            self._said(f"it is not noted what the version on trial waits for: {error}")

    def _confirm(self) -> None:
        try:
            standing = self._slots.change(states.confirmed)
        except (UpdateRefusedError, StandingError, OSError) as error:
            self._said(f"the version on trial could not be confirmed: {error}")
            return
        self._said(f"version {standing.version} has stood its probation")
