"""The terminal's program: its window, which is there first, and what is behind it."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linli.kiosk.curtain.hanging import Curtain
from linli.kiosk.curtain.keeping import CurtainKeeper
from linli.kiosk.curtain.picture import picture_in
from linli.kiosk.flows.views import Home, Link, Reader, Screen, Status, rests
from linli.kiosk.frugal import frugal
from linli.kiosk.last_shown import LastShown
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.starting import Starting
from linli.kiosk.theme.high_contrast import HIGH_CONTRAST
from linli.kiosk.theme.tokens import CALM, wear
from linli.kiosk.trace import Trace
from linli.kiosk.window import FIRST, TerminalWindow
from linli.sync.clock import Clock

if TYPE_CHECKING:
    from linli.kiosk.behind import Behind
    from linli.kiosk.flows.actions import Action
    from linli.kiosk.log_lines import LogLines
    from linli.kiosk.remote.keeping import Begun

SWITCH_S = 0.0005
"""How long a thread that wants to draw or commit waits for one that computes. Python's own 5 ms
add up: each call into the window system or the disk hands the interpreter over."""


class KioskProgram:
    """`run` shows the window until it is stopped; then everything is closed in order. The resting
    screen of before is shown at once, and all else is opened behind it; who touches it meanwhile
    is answered as soon as that is done.

    `curtain` hangs before the window until that has drawn. `footer` is a widget below the screen:
    the simulated town's cards, never a real terminal's. `begun` is how this start came to its
    settings, where they may be changed from afar; `lines` of the log may be read from there."""

    def __init__(
        self,
        settings: TerminalSettings,
        clock: Clock,
        trace: Trace,
        footer: Any = None,
        begun: Begun | None = None,
        lines: LogLines | None = None,
        curtain: Curtain | None = None,
    ) -> None:
        frugal()
        wear(HIGH_CONTRAST if settings.high_contrast else CALM)
        settings.data.mkdir(parents=True, exist_ok=True)
        self._settings, self._clock, self._trace = settings, clock, trace
        self._begun, self._lines, self._drew = begun, lines, False
        self._last_home = LastShown(settings.data / "home.json", Home)
        self._curtain = curtain or Curtain()
        self._keeper = CurtainKeeper(picture_in(settings.data), clock)
        self.window = TerminalWindow(
            clock,
            settings.language,
            on_choose=self.choose,
            on_act=self.act,
            on_home=self.go_home,
            on_frame=self._frame,
            on_touch=self._touched,
            on_seen=self._curtain.lift,
            on_rest=self._rested if footer is None else lambda _: None,
            footer=footer,
        )
        self.restart_asked = False
        self._behind = Starting(self._open, self.window.stop)

    def run(self) -> None:
        """Raises what kept the terminal from starting."""
        sys.setswitchinterval(SWITCH_S)
        now = self._clock.now()
        home = self._last_home.read(now)
        if home is not None:
            if home.notice is not None and home.notice.until <= now:
                home = replace(home, notice=None)
            self.window.show(self._at_start(home))
        else:
            self._behind.begin()
        try:
            self.window.run()
        finally:
            self._curtain.lift()
            self._behind.close()
            self._last_home.close()

    def choose(self, activity: str) -> None:
        self._behind.tell(lambda behind: behind.terminal.choose(activity))

    def act(self, action: Action) -> None:
        self._behind.tell(lambda behind: behind.terminal.act(action))

    def go_home(self) -> None:
        self._behind.tell(lambda behind: behind.terminal.go_home())

    def _open(self) -> Behind:
        # Not at the top: its imports take twice as long as all that the first frame needs.
        from linli.kiosk.behind import Behind, Picture

        window = self.window
        picture = Picture(self._show, window.shade, window.post, window.picture)
        behind = Behind(
            self._settings,
            self._clock,
            self._trace,
            picture,
            self._restart,
            self._begun,
            lambda: self._drew,
            self._lines,
        )
        behind.start()
        return behind

    def _touched(self) -> bool:
        """Whether the screen was dark, so that nobody can have meant what they touched."""
        behind = self._behind.made
        return behind is not None and behind.light.noticed()

    def _show(self, screen: Screen) -> None:
        self.window.show(screen)
        # A start without a network must not overwrite what was known with nothing.
        if isinstance(screen.view, Home) and screen.view.known:
            self._last_home.note(screen.view, self._clock.now())
        elif rests(screen.view):
            # Nobody is to be invited by the first picture.
            self._last_home.forget()
            self.window.post(self._keeper.forget)  # after what is kept of the screen before

    def _at_start(self, home: Home) -> Screen:
        status = Status(Link.STARTING, Reader.STARTING, large_type=self._settings.large_type)
        return Screen(home, status=status)

    def _rested(self, screen: Screen) -> None:
        """What a start shows first is kept; a notice may be over by then."""
        home = screen.view
        usual = screen.status.large_type is self._settings.large_type
        if isinstance(home, Home) and home.known and usual:
            first = self._at_start(replace(home, notice=None))
            self._keeper.keep(first, lambda: self.window.unseen(first))

    def _restart(self) -> None:
        """Of the program: it ends, and whoever watches over it starts it again."""
        self.restart_asked = True
        self.window.stop()

    def _frame(self, trace: str, view: str, monotonic: float) -> None:
        what = FIRST if view == FIRST else "frame" if trace else "opened"
        self._trace.mark(trace, what, monotonic, view=view)
        if what == FIRST:
            self._drew = True
            self._behind.begin()
