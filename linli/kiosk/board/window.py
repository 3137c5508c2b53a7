"""The board's window: shows each new picture, and moves in bursts only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from linli.kiosk.theme.stage import Stage  # first: it settles Kivy's settings

from kivy.clock import Clock as KivyClock  # isort: skip
from kivy.core.window import Window  # isort: skip

from linli.board.state import BoardState
from linli.kiosk.board.drawing import BoardView
from linli.kiosk.board.layout import orbit
from linli.kiosk.frugal import tidy
from linli.kiosk.png import Pixels
from linli.kiosk.theme.pending import Pending
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.words import Words
from linli.sync.clock import Clock

MINUTE_LOOK_S = 1.0
ORBIT_S = 120.0
"""How often the picture is shifted: far from where it was within half an hour."""
TIDY_S = 60.0
"""How often what pages left behind is given back."""
FIRST_TIDY_S = 15.0
"""What only the start has used is given back sooner."""
FRAME_S = 1 / 30
"""Of a movement. Without it Kivy would draw as fast as it can, for nobody's eyes."""


class BoardWindow:
    """`show` may be called from any thread and returns at once. `on_frame` is told each new record
    number and the moment of the first frame that shows it. In the loop's thread, `on_seen` is told
    once that there is something to see, and `on_still` again and again that nothing moves."""

    def __init__(
        self,
        clock: Clock,
        language: str,
        *,
        size: tuple[int, int],
        on_frame: Callable[[int, float], None],
        on_seen: Callable[[], None] = lambda: None,
        on_still: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock, self._on_frame = clock, on_frame
        self._on_seen, self._on_still = on_seen, on_still
        self._state: BoardState | None = None
        self._record = 0
        self._began = self._lasts = 0.0
        self._turn = 0
        self._drawn_since_tidy = False
        words = Words(language)
        self._view = BoardView(words)
        self._moving = KivyClock.create_trigger(self._move, FRAME_S, interval=True)
        if tuple(Window.size) != size:
            Window.size = size
        Window.show_cursor = False
        self._stage = Stage(words("Linli"), self._view, self._resized)
        self._pending = Pending[BoardState](self._stage.post, self._take)

    def run(self) -> None:
        KivyClock.schedule_interval(lambda _: self._look_at_time(), MINUTE_LOOK_S)
        KivyClock.schedule_interval(lambda _: self._shift(), ORBIT_S)
        KivyClock.schedule_once(lambda _: self._tidy(), FIRST_TIDY_S)
        KivyClock.schedule_interval(lambda _: self._tidy(), TIDY_S)
        self._stage.run()

    def stop(self) -> None:
        self._stage.stop()

    def show(self, state: BoardState) -> None:
        self._pending.ask(state)

    def post(self, act: Callable[[], None]) -> None:
        """From any thread: `act` runs in the window's loop, soon."""
        self._stage.post(act)

    def unseen(self, state: BoardState) -> Pixels:
        """In the loop's thread: how `state` would look without a clock, where a start has it, which
        has shifted nothing yet. Nobody sees it."""
        self._view.put(Rect(0, 0, *Window.size), state, clock=False)
        self._view.shift(orbit(0))
        drawn = self._stage.unseen()
        self._view.shift(orbit(self._turn))
        self._draw(animated=False)
        return drawn

    def screenshot(self, path: Path) -> None:
        self._stage.screenshot(path)

    # --- in the loop's thread ----------------------------------------------------------------

    def _take(self, asked: list[BoardState]) -> None:
        """The last picture asked for is shown, and counts for every record it contains."""
        records = sorted({state.record for state in asked if state.record > self._record})
        for record in records:
            self._stage.at_flip(partial(self._on_frame, record))
            self._record = record
        if self._state is None:
            self._stage.after_flip(self._on_seen)
        animated = self._state is not None
        self._state = asked[-1]
        self._draw(animated=animated)

    def _draw(self, *, animated: bool) -> None:
        if self._state is None:
            return
        whole = Rect(0, 0, *Window.size)
        self._drawn_since_tidy = True
        self._lasts = self._view.put(whole, self._state, animated=animated)
        if self._lasts:
            self._began = self._clock.monotonic()
            self._moving()
        else:
            self._moving.cancel()

    def _move(self, _: float) -> None:
        progress = (self._clock.monotonic() - self._began) / self._lasts
        if progress < 1.0:
            self._view.glide(progress)
        else:
            self._view.settle()
            self._moving.cancel()

    def _look_at_time(self) -> None:
        """The clock and the times ago move on with the minute, though nothing else happens."""
        if not self._moving.is_triggered:
            self._on_still()
        now = self._clock.now()
        if self._state is None or f"{now:%d%H%M}" == f"{self._state.now:%d%H%M}":
            return
        self._state = replace(self._state, now=now)
        self._draw(animated=False)

    def _shift(self) -> None:
        self._turn += 1
        self._view.shift(orbit(self._turn))

    def _tidy(self) -> None:
        """Not amid a movement: it would stumble. Nor where nothing was drawn meanwhile."""
        if self._drawn_since_tidy and not self._moving.is_triggered:
            self._drawn_since_tidy = False
            tidy()

    def _resized(self, _width: float, _height: float) -> None:
        self._draw(animated=False)
