"""Plays a day's steps in a running town: lays cards on the reader, touches, pulls cables."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from linli.devices.simulated.cards import Ntag213, SimulatedCard
from linli.town.cards import copied
from linli.town.day import Cut, KillBroker, Step, Tap
from linli.town.errands import Errand, Line
from linli.town.marks import Marks
from linli.town.pictures import Pictures
from linli.town.programs import TownError
from linli.town.town import Town

ANSWER_S = 10.0
BROKER_DOWN_S = 1.5
PAUSE_S = 0.35
"""From one person to the next: longer than the reader takes to see a card gone, and than the
screens take to turn to the minute that the town's clock has jumped to."""
GLIDED_S = 1.0
READ_S = 0.4
"""The least a person takes to read a question and touch the answer; quicker touches are ignored,
as meant for the screen before."""


class Player:
    """`said` is called with one plain line per step. `errands` does what is no tap."""

    def __init__(
        self,
        town: Town,
        pictures: Pictures,
        said: Callable[[str], None],
        errands: Callable[[Errand], None] = lambda _: None,
    ) -> None:
        self._town = town
        self._pictures = pictures
        self._said = said
        self._errand = errands
        self._marks = Marks(town.trace("kiosk"))
        self._copies: dict[str, SimulatedCard] = {}
        self._timers: list[threading.Timer] = []
        self.taps = 0
        self.unknown = 0

    def play(self, steps: Sequence[Step], errands: Sequence[Errand] = ()) -> None:
        """In the order of time. Raises TownError."""
        self._record_messages(steps)
        self._pictures.take("terminal-home")
        self._pictures.take("board-morning", "board")
        moments: list[Step | Errand] = [*steps, *errands]
        for moment in sorted(moments, key=lambda moment: moment.at):
            self._town.check_alive()
            self._town.clock.set(moment.at)
            time.sleep(PAUSE_S)
            if isinstance(moment, Errand):
                self._do_errand(moment)
            else:
                self._do(moment)
        self._let_repairs_end()

    def _do(self, step: Step) -> None:
        match step.action:
            case Tap():
                self._tap(step.action)
            case Cut(seconds):
                self._cut(seconds)
            case KillBroker():
                self._kill_broker()

    def _do_errand(self, errand: Errand) -> None:
        """Whoever needs the network, or that it is cut, comes after what was broken is mended."""
        if errand.line is not Line.ANY:
            self._let_repairs_end()
        self._errand(errand)

    def _let_repairs_end(self) -> None:
        for timer in self._timers:
            timer.join()

    def evening(self) -> None:
        """The last picture of the board, once all has reached it and come to rest."""
        time.sleep(GLIDED_S)
        self._pictures.take("board-evening", "board")

    def _tap(self, tap: Tap) -> None:
        self.taps += 1
        self._marks.fresh()
        self._town.reader.field.place(self._card(tap))
        answer = self._answer()
        self._town.reader.field.remove()
        if answer == "choose" and tap.choose is not None:
            time.sleep(READ_S)
            self._town.kiosk_control.do("choose", tap.choose)
            self._answer()

    def _card(self, tap: Tap) -> SimulatedCard:
        if tap.how == "unknown":
            self.unknown += 1
            return Ntag213(b"\x04" + self.unknown.to_bytes(6, "big"))
        return self._copies[tap.account] if tap.how == "replay" else self._town.cards[tap.account]

    def _record_messages(self, steps: Sequence[Step]) -> None:
        """The cloner reads its victims' cards before the day begins."""
        for step in steps:
            if isinstance(step.action, Tap) and step.action.how == "replay":
                account = step.action.account
                self._copies[account] = copied(self._town.cards[account])

    def _answer(self) -> str:
        """Waits for the first frame that answers the card, and pictures each kind once."""
        deadline = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline:
            for mark in self._marks.fresh():
                if mark["what"] == "frame":
                    view = str(mark["view"])
                    self._pictures.take(f"terminal-{view}")
                    return view
            time.sleep(0.01)
        self._town.check_alive()
        raise TownError(f"no answer to a tap within {ANSWER_S:.0f} s")

    def _cut(self, seconds: float) -> None:
        self._said(f"network cut for {seconds:.0f} s")
        self._town.cut_cable()
        self._later(seconds, self._town.mend_cable)
        self._town.kiosk_control.do("home")
        time.sleep(1.0)
        self._pictures.take("terminal-home-offline")

    def _kill_broker(self) -> None:
        self._said("broker killed (kill -9) and started again")
        self._town.broker.kill9()
        self._later(BROKER_DOWN_S, self._town.broker.restart)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)
