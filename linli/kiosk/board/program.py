"""The board's program: the feed and its window."""

from __future__ import annotations

from linli.kiosk.board.follow import BoardFeed
from linli.kiosk.board.window import BoardWindow
from linli.kiosk.frugal import frugal
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
        self._feed = BoardFeed(settings, clock, self.window.show, trace)

    def run(self) -> None:
        self._feed.start()
        try:
            self.window.run()
        finally:
            self._feed.close()

    def _frame(self, record: int, monotonic: float) -> None:
        self._trace.mark("", "frame", monotonic, record=record)
