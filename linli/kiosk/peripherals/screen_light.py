"""The light of the terminal's own screen, on a thread of its own: a monitor on DDC/CI takes half a
second to hear."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog

from linli.devices.displays.base import Display, DisplayError
from linli.devices.displays.finding import find
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError
from linli.kiosk.flows.maintenance_views import LevelNote
from linli.kiosk.flows.views import Screen, rests
from linli.kiosk.peripherals.kept_levels import KeptLevels
from linli.kiosk.peripherals.resting import OFF, Resting, shade, wanted
from linli.kiosk.settings import DisplaySettings, TerminalSettings
from linli.sync.clock import Clock

log = structlog.get_logger()
NAME, BRIGHTEST = "brightness", 100
LOOK_S = 1.0
JOIN_S = 6.0
NOTHING_YET = -1


class ScreenLight:
    """A `LevelPort`. `find` looks for the screen once, at the start; `draw_shade` darkens the
    picture (0…1), where there is none that can be told. `felt` says whether somebody is before the
    terminal; it is asked about once a second where the screen rests at all. May be called from any
    thread."""

    def __init__(
        self,
        find: Callable[[], Display | None],
        draw_shade: Callable[[float], None],
        clock: Clock,
        kept: KeptLevels,
        resting: Resting | None = None,
        felt: Callable[[], bool] = lambda: False,
    ) -> None:
        self._felt = felt
        self._find, self._draw_shade, self._clock = find, draw_shade, clock
        self._kept, self._resting = kept, resting
        self._chosen = kept.of(NAME, BRIGHTEST)
        self._untouched = kept.chosen(NAME, BRIGHTEST) is None
        self._display: Display | None = None
        self._is: int | None = NOTHING_YET
        self._seen = clock.monotonic()
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="screen light", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """As bright as was chosen, and for good. May be called twice."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    # --- somebody is there -----------------------------------------------------------------------

    def shown(self, screen: Screen) -> None:
        """Every screen but the resting one is somebody's."""
        if not rests(screen.view):
            self.noticed()

    def noticed(self) -> bool:
        """A touch, a card, a step before the terminal. True where the screen was off: what was
        touched could not be seen."""
        with self._news:
            self._seen = self._clock.monotonic()
            dark = self._is is OFF
            self._news.notify_all()
        return dark

    # --- the maintainer --------------------------------------------------------------------------

    @property
    def note(self) -> LevelNote | None:
        return LevelNote.IN_PICTURE if self._display is None else None

    def read(self) -> int:
        return self._chosen

    def write(self, percent: int) -> None:
        self._kept.keep(NAME, percent, BRIGHTEST)
        with self._news:
            self._chosen = percent
            self._news.notify_all()

    # --- in its thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        self._begin()
        while not self._closed:
            with self._news:
                self._news.wait_for(lambda: self._closed or self._due(), LOOK_S)
            if self._resting is not None and self._felt():
                self.noticed()
            self._turn()
        self._seen = self._clock.monotonic()
        self._turn()

    def _begin(self) -> None:
        """A screen that nobody chose a brightness for keeps the one it has; one that this program
        switches off may have been left so."""
        try:
            display = self._find()
            if display is not None and self._untouched:
                self._chosen = display.read()
            if display is not None and self._resting is not None:
                display.power(on=True)
        except DisplayError as error:
            log.warning("the screen cannot be told its brightness", error=str(error))
            return
        self._display = display
        if self._untouched:
            self._is = self._chosen

    def _due(self) -> bool:
        return self._wanted() != self._is

    def _wanted(self) -> int | None:
        idle_s = self._clock.monotonic() - self._seen
        return wanted(self._chosen, self._resting, idle_s, self._clock.now())

    def _turn(self) -> None:
        percent = self._wanted()
        if percent == self._is:
            return
        self._tell(percent)
        with self._news:
            self._is = percent

    def _tell(self, percent: int | None) -> None:
        if self._display is not None:
            try:
                if percent is OFF or self._is is OFF:
                    self._display.power(on=percent is not OFF)
                if percent is not OFF:
                    self._display.write(percent)
            except DisplayError as error:
                log.warning("the screen does not hear any more", error=str(error))
                self._display = None
            else:
                self._draw_shade(0.0)
                return
        self._draw_shade(shade(percent))


def light_for(
    settings: TerminalSettings,
    draw_shade: Callable[[float], None],
    clock: Clock,
    kept: KeptLevels,
    board: Board | None = None,
) -> ScreenLight:
    """Of a real terminal; the terminal board feels who comes."""
    display = settings.display
    output = display.output if display is not None else None
    felt = partial(_felt, board) if board is not None else lambda: False
    return ScreenLight(
        lambda: find(Path("/"), output), draw_shade, clock, kept, _resting(display), felt
    )


def _felt(board: Board) -> bool:
    try:
        return bool(board.sensors().presence)
    except BoardError:  # cards and touches still wake the screen
        return False


def _resting(display: DisplaySettings | None) -> Resting | None:
    if display is None:
        return None
    return Resting(display.rest_after_s, display.rest_percent, display.off_from, display.off_until)
