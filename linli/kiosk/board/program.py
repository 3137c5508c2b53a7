"""The board's program: the feed and its window."""

from __future__ import annotations

from pathlib import Path

from linli.board.state import BoardState
from linli.devices.displays.finding import find
from linli.kiosk.board.follow import BoardFeed
from linli.kiosk.board.window import BoardWindow
from linli.kiosk.frugal import frugal
from linli.kiosk.peripherals.board_light import BoardLight
from linli.kiosk.settings import BoardSettings
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock


class BoardProgram:
    """`run` shows the window until it is stopped; then the feed is closed."""

    def __init__(
        self, settings: BoardSettings, clock: Clock, trace: Trace, size: tuple[int, int]
    ) -> None:
        frugal()
        self._trace = trace
        self.window = BoardWindow(clock, settings.language, size=size, on_frame=self._frame)
        output = settings.output
        self._light = BoardLight(lambda: find(Path("/"), output) if output else None)
        self._feed = BoardFeed(settings, clock, self._show, trace)

    def run(self) -> None:
        self._light.start()
        self._feed.start()
        try:
            self.window.run()
        finally:
            self._feed.close()
            self._light.close()

    def _show(self, state: BoardState) -> None:
        self.window.show(self._light.dimmed(state))

    def _frame(self, record: int, monotonic: float) -> None:
        self._trace.mark("", "frame", monotonic, record=record)
