"""The loop that both windows run in: what other threads may ask of it, and when a frame was seen.

Only the thread of `run` touches widgets. Others `post` what is to be done; the loop wakes for it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import linli.kiosk.theme.before_kivy  # noqa: F401  first, so that Kivy finds its settings

from kivy.base import EventLoop, runTouchApp, stopTouchApp  # isort: skip
from kivy.clock import Clock  # isort: skip
from kivy.core.window import Window  # isort: skip
from kivy.graphics.opengl import (  # isort: skip
    GL_COLOR_BUFFER_BIT,
    GL_RGB,
    GL_UNSIGNED_BYTE,
    glClear,
    glClearColor,
    glReadPixels,
)
from kivy.uix.widget import Widget  # isort: skip

from linli.kiosk.png import Pixels, png
from linli.kiosk.supervisor.heartbeat import heartbeat
from linli.kiosk.theme.tokens import PAPER, rgba

SCREENSHOT_S = 10.0
BEAT_S = 1.0
S = TypeVar("S")


class Stage:
    """One window of one process. `resized` is called with the size, at the start too."""

    def __init__(self, title: str, root: Widget, resized: Callable[[float, float], None]) -> None:
        self._root = root
        self._resized = resized
        self._stopped = False
        self._flipped: list[Callable[[float], None]] = []
        self._wanted: list[Callable[[Pixels], None]] = []
        Window.title = title
        if os.environ.get("KCFG_GRAPHICS_BORDERLESS") != "0":
            close_ways_out()  # a window with a frame is somebody's who plays with the town
        Window.clearcolor = rgba(PAPER)
        Window.clear = clear
        Window.bind(on_mouse_down=self._wake, on_mouse_up=self._wake)
        Window.bind(on_flip=self._flip, size=lambda _, size: self._resized(*size))

    def run(self) -> None:
        """Returns when stopped, or when the window was closed."""
        beat = heartbeat()
        Clock.schedule_interval(lambda _: beat(), BEAT_S)
        runTouchApp(self._root, embedded=True)
        self._resized(*Window.size)
        try:
            if not self._stopped:
                EventLoop.mainloop()
        finally:
            self._stopped = True
            stopTouchApp()

    def stop(self) -> None:
        """From any thread or signal handler: the loop sees it at its next turn."""
        self._stopped = True
        EventLoop.quit = True

    def post(self, act: Callable[[], None]) -> None:
        """From any thread: `act` runs in the loop's thread, soon."""
        Clock.schedule_once(lambda _: act())

    def at_flip(self, seen: Callable[[float], None]) -> None:
        """Calls `seen` with the monotonic time of the next flip: when all is drawn and handed over,
        the moment that Kivy itself calls the flip."""
        self._flipped.append(seen)
        Window.canvas.ask_update()

    def after_flip(self, act: Callable[[], None]) -> None:
        """Calls `act` once the next frame is handed over."""
        self.at_flip(lambda _: self.post(act))

    def screenshot(self, path: Path) -> None:
        """From another thread: returns when the picture is at `path`. Raises TimeoutError."""
        pixels, _ = self.picture(lambda: None)
        write_png(path, *pixels)

    def picture(self, of: Callable[[], S]) -> tuple[Pixels, S]:
        """From another thread: what is seen, and what `of` says in the loop's thread while just
        that is seen. Raises TimeoutError where no frame is drawn."""
        taken = threading.Event()
        found: list[tuple[Pixels, S]] = []

        def take(pixels: Pixels) -> None:
            found.append((pixels, of()))
            taken.set()

        def ask() -> None:
            self._wanted.append(take)
            Window.canvas.ask_update()

        self.post(ask)
        if not taken.wait(SCREENSHOT_S):
            raise TimeoutError("no frame was drawn for the picture")
        return found[0]

    def unseen(self) -> Pixels:
        """In the loop's thread: what the widgets are now, drawn but not handed over; the next frame
        is drawn anew."""
        Window.dispatch("on_draw")
        Window.canvas.ask_update()
        return pixels()

    def _wake(self, *_: object) -> None:
        """A touch is looked at right away. Kivy's loop would sleep once more before it does: it
        takes the window system's events at the end of a turn, and hands them on in the next."""
        self.post(lambda: None)

    def _flip(self, _: Window) -> None:
        if self._wanted:
            wanted, self._wanted = self._wanted, []
            seen = pixels()
            for take in wanted:
                take(seen)
        if self._flipped:
            flipped, self._flipped = self._flipped, []
            now = time.monotonic()
            for tell in flipped:
                tell(now)


def pixels() -> Pixels:
    """What is drawn, whether it is seen yet or not."""
    width, height = map(int, Window.size)
    return width, height, glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)


def clear() -> None:
    """Of what Kivy would clear, the colours only: nothing here has a depth or a stencil, and where
    those are never touched, they take neither time nor memory (8 MB on the board)."""
    glClearColor(*Window.clearcolor)
    glClear(GL_COLOR_BUFFER_BIT)


def close_ways_out() -> None:
    """No key, close button, dropped file or second mouse button does anything: a terminal has no
    keyboard, and whoever plugs one in gets nowhere. A real end comes by a signal."""
    for event in ("on_key_down", "on_key_up", "on_textinput", "on_request_close", "on_drop_file"):
        Window.bind(**{event: lambda *_: True})
    Window.bind(on_keyboard=lambda *_: True)


def write_png(path: Path, width: int, height: int, rgb: bytes, effort: int = 3) -> None:
    """The file appears whole (see `png`)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(png((width, height, rgb), effort))
    part.replace(path)
