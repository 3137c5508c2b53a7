"""What the light and the buzzer of the terminal board say with a screen: green for done, trouble,
and the way to a door. The screen always says the same in words."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

import structlog

from linli.firmware_bridge.board import Board, Pattern
from linli.firmware_bridge.errors import BoardError
from linli.kiosk.flows.shop_views import Ending, Phase, Redeemed, Redeeming
from linli.kiosk.flows.views import Refused, Screen, Success, View
from linli.kiosk.flows.visit_views import Hindered, Told

log = structlog.get_logger()
DONE = (Ending.OUT, Ending.COUNTER, Ending.VOUCHER)
JOIN_S = 2.0


@dataclass(frozen=True)
class Signal:
    """`door` is where GUIDE leads."""

    pattern: Pattern
    door: int = 0
    buzzes: bool = False


OFF = Signal(Pattern.OFF)


def signal_of(view: View) -> Signal:
    """What goes with a view."""
    match view:
        case Success() | Told():
            return Signal(Pattern.SUCCESS, buzzes=True)
        case Refused() | Hindered():
            return Signal(Pattern.TROUBLE, buzzes=True)
        case Redeeming(_, Phase.OPENING | Phase.TAKE_IT | Phase.CLOSE_IT, int(door)):
            return Signal(Pattern.GUIDE, door)
        case Redeemed():
            well = view.ending in DONE
            return Signal(Pattern.SUCCESS if well else Pattern.TROUBLE, buzzes=not well)
        case _:
            return OFF


class BoardLights:
    """`shown` may be called from any thread and returns at once; the newest screen counts."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._inbox: queue.Queue[Signal | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="lights", daemon=True)
        self._thread.start()

    def shown(self, screen: Screen) -> None:
        self._inbox.put(signal_of(screen.view))

    def close(self) -> None:
        self._inbox.put(None)
        self._thread.join(JOIN_S)

    def _run(self) -> None:
        before = OFF
        while (signal := self._newest()) is not None:
            if signal == before:
                continue
            try:
                self._board.light(signal.pattern, signal.door)
                if signal.buzzes:
                    self._board.buzz(signal.pattern)
            except BoardError as error:
                log.warning("the board's light did not change", error=str(error))
            before = signal

    def _newest(self) -> Signal | None:
        signal = self._inbox.get()
        while signal is not None and not self._inbox.empty():
            signal = self._inbox.get()
        return signal
