"""The terminal's program: a `Terminal` and its window, each told of the other."""

from __future__ import annotations

import sys
import threading
from typing import Any

from linli.devices.readers.pn532 import Pn532
from linli.kiosk.doctor.at_terminal import InUse
from linli.kiosk.flows.maintenance_views import LevelNote, Room
from linli.kiosk.flows.views import Screen
from linli.kiosk.frugal import frugal
from linli.kiosk.maintenance.ports import NoLevel
from linli.kiosk.peripherals.kept_levels import KeptLevels
from linli.kiosk.peripherals.loudness import loudness_for
from linli.kiosk.peripherals.plugged_in import plug_in
from linli.kiosk.peripherals.prompts import Prompts, sound_for
from linli.kiosk.peripherals.screen_light import light_for
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.terminal import Terminal
from linli.kiosk.theme.high_contrast import HIGH_CONTRAST
from linli.kiosk.theme.tokens import CALM, wear
from linli.kiosk.trace import Trace
from linli.kiosk.window import FIRST, TerminalWindow
from linli.sync.clock import Clock

SWITCH_S = 0.0005
"""How long a thread that wants to draw or commit waits for one that computes. Python's own 5 ms
add up: each call into the window system or the disk hands the interpreter over."""


class KioskProgram:
    """`run` shows the window until it is stopped; then everything is closed in order.

    `footer` is a widget below the screen: the simulated town's cards, never a real terminal's."""

    def __init__(
        self, settings: TerminalSettings, clock: Clock, trace: Trace, footer: Any = None
    ) -> None:
        frugal()
        wear(HIGH_CONTRAST if settings.high_contrast else CALM)
        self._clock = clock
        self._trace = trace
        self.window = TerminalWindow(
            clock,
            settings.language,
            on_choose=lambda activity: self.terminal.choose(activity),
            on_act=lambda action: self.terminal.act(action),
            on_home=lambda: self.terminal.go_home(),
            on_frame=self._frame,
            on_touch=lambda: self._light.noticed(),
            footer=footer,
        )
        readers = [Pn532(f"reader-{n}", path) for n, path in enumerate(settings.readers, 1)]
        self.restart_asked = False
        self._prompts = Prompts(sound_for(settings, self._heard_again), settings, clock)
        self._plugged_in = plug_in(settings)
        kept = KeptLevels(settings.data / "levels.json")
        self._loudness = loudness_for(settings, self._prompts, kept)
        self._light = light_for(settings, self.window.shade, clock, kept, self._plugged_in.board)
        self.terminal = Terminal(
            settings,
            clock,
            readers,
            self._show,
            trace,
            self._plugged_in.locker,
            self._plugged_in.printer,
            restart=self._restart,
            levels={
                Room.VOLUME: self._loudness or NoLevel(LevelNote.NO_SOUND_SETTING),
                Room.BRIGHTNESS: self._light,
            },
            lent=InUse(
                locker=self._plugged_in.locker,
                board=self._plugged_in.board,
                printer=self._plugged_in.slips,
            ),
        )

    def run(self) -> None:
        sys.setswitchinterval(SWITCH_S)
        self.terminal.start()
        self._light.start()
        self._prompts.prepare()
        if self._loudness is not None:
            # amixer is a program of its own: the first frame does not wait for it.
            threading.Thread(target=self._loudness.begin, name="loudness", daemon=True).start()
        self._plugged_in.start(self.window.post)
        try:
            self.window.run()
        finally:
            self.terminal.close()
            self._light.close()
            self._plugged_in.close()
            self._prompts.close()

    def _show(self, screen: Screen) -> None:
        self.window.show(screen)
        self._prompts.shown(screen)
        self._plugged_in.shown(screen)
        self._light.shown(screen)

    def _heard_again(self) -> None:
        if self._loudness is not None:
            self._loudness.begin()

    def _restart(self) -> None:
        """Of the program: it ends, and whoever watches over it starts it again."""
        self.restart_asked = True
        self.window.stop()

    def _frame(self, trace: str, view: str, monotonic: float) -> None:
        what = FIRST if view == FIRST else "frame" if trace else "opened"
        self._trace.mark(trace, what, monotonic, view=view)
