"""A terminal's program without its window: one of the town's others, of which nobody sees a screen.

All that is behind a window runs as it does behind one: databases, link, settings and jobs from
afar, health, probation. Only what would be drawn goes nowhere.
"""

from __future__ import annotations

import queue
import signal
from collections.abc import Callable

from linli.kiosk.behind import Behind, Picture
from linli.kiosk.flows.views import Screen
from linli.kiosk.log_lines import LogLines
from linli.kiosk.png import Pixels
from linli.kiosk.remote.keeping import Begun
from linli.kiosk.supervisor.heartbeat import heartbeat
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock
from linli.sync.parent_death import die_with_parent

BEAT_S = 0.5
NOTHING_SEEN: Pixels = (16, 10, bytes(16 * 10 * 3))


class WindowlessProgram:
    """`run` until it is stopped, as `KioskProgram`."""

    def __init__(self, begun: Begun, clock: Clock, trace: Trace, lines: LogLines) -> None:
        self.restart_asked = False
        self._posted: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._screen: Screen | None = None
        picture = Picture(self._show, lambda _: None, self._posted.put, self._take)
        begun.settings.data.mkdir(parents=True, exist_ok=True)
        self._behind = Behind(
            begun.settings, clock, trace, picture, self._restart, begun, lambda: True, lines
        )

    def run(self) -> None:
        die_with_parent(signal.SIGTERM)
        beat = heartbeat()
        self._behind.start()
        try:
            while True:
                beat()
                try:
                    act = self._posted.get(timeout=BEAT_S)
                except queue.Empty:
                    continue
                if act is None:
                    return
                act()
        finally:
            self._behind.close()

    def stop(self) -> None:
        self._posted.put(None)

    def go_home(self) -> None:
        """What a window does once its screen has been seen long enough."""
        self._behind.terminal.go_home()

    def _restart(self) -> None:
        self.restart_asked = True
        self.stop()

    def _show(self, screen: Screen) -> None:
        self._screen = screen

    def _take(self) -> tuple[Pixels, Screen | None]:
        return NOTHING_SEEN, self._screen
