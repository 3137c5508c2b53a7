"""The terminal's window: shows what it is told, tells when it was seen, goes home by itself."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from linli.kiosk.theme.stage import Stage  # first: it settles Kivy's settings

from kivy.clock import Clock as KivyClock  # isort: skip
from kivy.core.window import Window  # isort: skip
from kivy.graphics import Color, Rectangle  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

from linli.kiosk.flows.views import Screen, rests
from linli.kiosk.frugal import tidy
from linli.kiosk.png import Pixels
from linli.kiosk.screens.shell import Shell
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.theme.pending import Pending
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.words import Words
from linli.sync.clock import Clock

TURN_S = 0.25
"""How often time is looked at: the countdown and the minute. Nothing is drawn if neither moved."""
ASK_AGAIN_S = 1.0
FIRST = "first-frame"
BUSY_THRESHOLDS = (700, 10, 1_000_000)
"""Python never looks over all objects by itself: it took 90 ms, amid somebody's tap."""
TIDY_S, BUSY_TIDY_S = 10.0, 20.0
"""How often, at most, that is done instead while nobody is there; and how long after the first who
came, where somebody always is."""
QUIET_S = 2.0
"""Whoever touched so lately may touch again: what takes tens of milliseconds waits."""


class TerminalWindow:
    """`show` may be called from any thread and returns at once. `on_frame` is told the trace, if
    the view has one, the view's name and the moment of the first frame that shows it. `on_touch`
    hears of every touch, and says whether it is only to wake the screen. In the
    loop's thread, `on_seen` is told once that there is something to see, and `on_rest` hears again
    and again of the screen that nobody stands at."""

    def __init__(
        self,
        clock: Clock,
        language: str,
        *,
        on_choose: Callable[[str], None],
        on_act: OnAct,
        on_home: Callable[[], None],
        on_frame: Callable[[str, str, float], None],
        on_touch: Callable[[], bool] = lambda: False,
        on_seen: Callable[[], None] = lambda: None,
        on_rest: Callable[[Screen], None] = lambda _: None,
        footer: Any = None,
    ) -> None:
        self._clock = clock
        self._on_touch, self._on_seen, self._on_rest = on_touch, on_seen, on_rest
        self._on_home, self._on_frame = on_home, on_frame
        self._screen: Screen | None = None
        self._deadline: float | None = None
        self._minute = ""
        self._marked: deque[tuple[str, str]] = deque(maxlen=16)
        self._begun = self._settled = False
        self._tidied = clock.monotonic()
        self._used_since: float | None = self._tidied
        self._touched_at = float("-inf")
        self._warming: Iterator[Screen] | None = None
        self._footer = footer
        words = Words(language)
        self._shell = Shell(
            words,
            on_choose=on_choose,
            on_act=on_act,
            on_home=self._go_home,
        )
        self._root = Widget()
        self._root.add_widget(self._shell)
        if footer is not None:
            self._root.add_widget(footer)
            Window.size = (Window.width, Window.height + footer.height)
        else:
            Window.show_cursor = False
        with self._root.canvas.after:
            self._shade_colour, self._shade_box = Color(0, 0, 0, 0), Rectangle()
        Window.bind(on_touch_down=self._touched)
        self._stage = Stage(words("Linli"), self._root, self._resized)
        self._pending = Pending[Screen](self._stage.post, self._take)

    def run(self) -> None:
        KivyClock.schedule_interval(lambda _: self._look_at_time(), TURN_S)
        self._stage.run()

    def stop(self) -> None:
        self._stage.stop()

    def post(self, act: Callable[[], None]) -> None:
        """From any thread: `act` runs in the window's loop, soon."""
        self._stage.post(act)

    def show(self, screen: Screen) -> None:
        self._pending.ask(screen)

    def shade(self, dark: float) -> None:
        """Draw the picture darker, 0…1. From any thread."""
        self._stage.post(lambda: self._shade(dark))

    def picture(self) -> tuple[Pixels, Screen | None]:
        """From another thread: what is seen, and the screen that it is of. Raises TimeoutError."""
        return self._stage.picture(lambda: self._screen)

    def unseen(self, screen: Screen) -> Pixels:
        """In the loop's thread: how `screen` would look without a clock, by day. Nobody sees it."""
        self._shell.put(self._area(), screen, self._clock.now(), None, clock=False)
        dark, self._shade_colour.a = self._shade_colour.a, 0
        drawn = self._stage.unseen()
        self._shade_colour.a = dark
        self._draw()
        return drawn

    def screenshot(self, path: Path) -> None:
        self._stage.screenshot(path)

    # --- in the loop's thread ----------------------------------------------------------------

    def _take(self, asked: list[Screen]) -> None:
        """The last screen asked for is shown; the ones it overtook are in sight as its `also`."""
        if self._screen is None:
            self._stage.after_flip(self._on_seen)
        for screen in asked:
            self._mark(screen)
        self._present(asked[-1])

    def _present(self, screen: Screen) -> None:
        before = self._screen
        if before is not None and before.status.large_type != screen.status.large_type:
            self._warm_anew()
        if self._screen is None or screen.view != self._screen.view:
            self._deadline = None
            if screen.home_after_s is not None:
                self._deadline = self._clock.monotonic() + screen.home_after_s
        self._screen = screen
        if not rests(screen.view):
            self._note_use()
        self._draw()

    def _touched(self, *_: Any) -> bool:
        """Somebody is there: the way home begins anew. True where nothing was to be seen."""
        screen, self._touched_at = self._screen, self._clock.monotonic()
        if screen is not None and screen.home_after_s is not None and self._deadline is not None:
            self._deadline = self._clock.monotonic() + screen.home_after_s
        return self._on_touch()

    def _shade(self, dark: float) -> None:
        self._shade_colour.a = dark
        self._shade_box.size = Window.size

    def _mark(self, screen: Screen) -> None:
        trace, view = getattr(screen.view, "trace", ""), type(screen.view).__name__.lower()
        if rests(screen.view) and not self._begun:
            self._begun, view = True, FIRST
        elif not trace:
            if self._screen is not None and type(screen.view) is type(self._screen.view):
                return
        elif (trace, view) in self._marked:
            return
        else:
            self._marked.append((trace, view))
        self._stage.at_flip(lambda at: self._seen(trace, view, at))

    def _seen(self, trace: str, view: str, at: float) -> None:
        self._on_frame(trace, view, at)
        if view == FIRST:
            gc.set_threshold(*BUSY_THRESHOLDS)
            self._warm_anew()

    def _draw(self) -> None:
        if self._screen is None:
            return
        now = self._clock.now()
        self._minute = f"{now:%d %H:%M}"
        self._shell.put(self._area(), self._screen, now, self._seconds_left())

    def _area(self) -> Rect:
        below = self._footer.height if self._footer is not None else 0
        return Rect(0, below, Window.width, Window.height - below)

    def _resized(self, width: float, _height: float) -> None:
        if self._footer is not None:
            self._footer.pos, self._footer.width = (0, 0), width
        self._shade_box.size = Window.size
        self._draw()

    def _seconds_left(self) -> int | None:
        if self._deadline is None:
            return None
        return max(1, round(self._deadline - self._clock.monotonic()))

    def _look_at_time(self) -> None:
        if self._screen is None:
            return
        if rests(self._screen.view):
            self._tidy_when_due()
            if self._is_quiet() and self._warming is None:
                self._on_rest(self._screen)
        if f"{self._clock.now():%d %H:%M}" != self._minute:
            self._draw()
        if self._deadline is None:
            return
        if self._clock.monotonic() >= self._deadline:
            # Asked again if no home came: a wish may cross with another person's tap.
            self._deadline = self._clock.monotonic() + ASK_AGAIN_S
            self._go_home()
        else:
            self._shell.count(self._seconds_left())

    def _go_home(self) -> None:
        self._on_home()

    def _is_quiet(self) -> bool:
        return self._clock.monotonic() - self._touched_at >= QUIET_S

    def _note_use(self) -> None:
        if self._used_since is None:
            self._used_since = self._clock.monotonic()

    def _tidy_when_due(self) -> None:
        if self._used_since is None:
            return
        now = self._clock.monotonic()
        quiet = self._is_quiet() and now - self._tidied >= TIDY_S
        if quiet or now - self._used_since >= BUSY_TIDY_S:
            self._tidy()

    def _tidy(self) -> None:
        """Give back what people left behind: it takes a tenth of a second."""
        self._shell.put_away()
        tidy()
        self._used_since, self._tidied = None, self._clock.monotonic()

    def _warm_anew(self) -> None:
        """Before the first tap, and where the type has another size now."""
        from linli.kiosk.screens.warm_up import views_to_warm  # after the first frame

        if self._warming is None:
            KivyClock.schedule_once(lambda _: self._warm(), TURN_S)
        self._warming = views_to_warm(self._clock.now())

    def _warm(self) -> None:
        """While nobody is there: lets the screens of a tap be made, and what all screens need be
        loaded and their fonts opened, one step a turn, so that the first tap is as quick as any."""
        if self._warming is None:
            return
        KivyClock.schedule_once(lambda _: self._warm(), TURN_S)
        if self._screen is None or not rests(self._screen.view):
            return
        screen = next(self._warming, None)
        if screen is None:
            self._warming = None
            # The words were nobody's.
            self._shell.forget()
            self._note_use()
            if not self._settled:
                self._settled = True
                self._tidy()
                gc.freeze()  # what is alive now stays, and need not be looked over again
        else:
            self._shell.warm(self._area(), replace(screen, status=self._screen.status))
