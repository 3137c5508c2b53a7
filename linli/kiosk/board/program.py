"""The board's program: its window, which is there first, and the feed behind it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from linli.board.state import BoardState
from linli.devices.displays.finding import find
from linli.kiosk.board.first_page import at_start, drawable, lasting, likeness
from linli.kiosk.board.window import BoardWindow
from linli.kiosk.curtain.hanging import Curtain
from linli.kiosk.curtain.keeping import CurtainKeeper
from linli.kiosk.curtain.picture import picture_in
from linli.kiosk.frugal import frugal
from linli.kiosk.last_shown import LastShown
from linli.kiosk.peripherals.board_light import BoardLight
from linli.kiosk.settings import BoardSettings
from linli.kiosk.starting import Starting
from linli.kiosk.theme.high_contrast import HIGH_CONTRAST
from linli.kiosk.theme.tokens import CALM, wear
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock

if TYPE_CHECKING:
    from linli.kiosk.board.behind import BehindBoard


class BoardProgram:
    """`run` shows the window until it is stopped; then the feed is closed. The first page of before
    is shown at once, and all else is opened behind it; `curtain` hangs before the window until that
    has drawn."""

    def __init__(
        self,
        settings: BoardSettings,
        clock: Clock,
        trace: Trace,
        size: tuple[int, int],
        curtain: Curtain | None = None,
    ) -> None:
        frugal()
        wear(HIGH_CONTRAST if settings.high_contrast else CALM)
        settings.data.mkdir(parents=True, exist_ok=True)
        self._settings, self._clock, self._trace = settings, clock, trace
        self._first_page = LastShown(settings.data / "page.json", BoardState)
        self._first: BoardState | None = None
        self._curtain = curtain or Curtain()
        self._keeper = CurtainKeeper(picture_in(settings.data), clock)
        self.window = BoardWindow(
            clock,
            settings.language,
            size=size,
            on_frame=self._frame,
            on_seen=self._curtain.lift,
            on_still=self._keep_first,
        )
        output = settings.output
        self._light = BoardLight(lambda: find(Path("/"), output) if output else None)
        self._feed = Starting(self._open, self.window.stop)

    def run(self) -> None:
        """Raises what kept the board from starting."""
        self._light.start()
        now = self._clock.now()
        page = self._first_page.read(now)
        if page is not None:
            self._show(at_start(page, now))
        else:
            self._feed.begin()
        try:
            self.window.run()
        finally:
            self._curtain.lift()
            self._feed.close()
            self._first_page.close()
            self._light.close()

    def _note_first(self, page: BoardState, now: dt.datetime) -> None:
        self._first_page.note(lasting(page), now)
        self._first = page

    def _keep_first(self) -> None:
        page = self._first and drawable(self._first, self._clock.now())
        if page is not None:
            self._keeper.keep(likeness(page), lambda: self.window.unseen(page))

    def _show(self, state: BoardState) -> None:
        self.window.show(self._light.dimmed(state))

    def _open(self) -> BehindBoard:
        # Not at the top: its imports take twice as long as all that the first frame needs.
        from linli.kiosk.board.behind import BehindBoard
        from linli.kiosk.board.follow import BoardFeed

        feed = BoardFeed(self._settings, self._clock, self._show, self._trace, self._note_first)
        behind = BehindBoard(self._settings, feed, self._clock)
        behind.start(self.window.post)
        return behind

    def _frame(self, record: int, monotonic: float) -> None:
        self._trace.mark("", "frame", monotonic, record=record)
        self._feed.begin()
