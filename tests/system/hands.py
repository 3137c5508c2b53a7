"""Hands at a window on a virtual X screen: keys, clicks, drags (xdotool), a wish to close it."""

from __future__ import annotations

import ctypes
import os
import random
import subprocess
from ctypes import POINTER, Structure, Union, c_char_p, c_int, c_long, c_ulong, c_void_p

CLIENT_MESSAGE = 33
"""X.h."""
KEYS = (
    *("Escape", "F1", "F11", "F12", "Super_L", "Menu", "Tab", "Return", "space", "BackSpace"),
    *("ctrl+c", "ctrl+e", "ctrl+q", "ctrl+w", "ctrl+z", "ctrl+v", "ctrl+shift+i", "alt+F4"),
    *("alt+Tab", "alt+space", "super+d", "super+q", "shift+F12", "ctrl+alt+Delete", "Print"),
    *("XF86Back", "XF86PowerOff", "a", "1", "Up", "Down", "ctrl+alt+BackSpace", "alt+Return"),
)
BUTTONS = (1, 2, 3, 4, 5, 6, 7, 8, 9)


class _ClientMessage(Structure):
    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("message_type", c_ulong),
        ("format", c_int),
        ("data", c_long * 5),
    )


class _Event(Union):
    _fields_ = (("client", _ClientMessage), ("pad", c_long * 24))


class Hands:
    """`display` is the screen's name. Seeded, so that a storm that broke something can be had
    again."""

    def __init__(self, display: str, seed: int = 1) -> None:
        self.display = display
        self._random = random.Random(seed)

    def windows(self) -> list[str]:
        """All top windows that can be seen; the first that is found is the screen itself."""
        return self._do("search", "--onlyvisible", "--maxdepth", "1", ".*").split()[1:]

    def storm(self, rounds: int, size: tuple[int, int] = (1280, 800)) -> None:
        """Keys, clicks of all buttons, and drags, in any order."""
        (window,) = self.windows()
        self._do("windowfocus", window)
        for _ in range(rounds):
            keys = self._random.sample(KEYS, 4)
            x, y, to_x, to_y = (self._random.randrange(size[n % 2]) for n in range(4))
            button = str(self._random.choice(BUTTONS))
            self._do(
                *("key", *keys, "mousemove", str(x), str(y), "click", button),
                *("mousedown", "1", "mousemove", str(to_x), str(to_y), "mouseup", "1"),
                *("click", "--repeat", "3", "3", "type", "--delay", "1", "ab"),
            )

    def ask_to_close(self) -> None:
        """What alt-F4 and a window's cross send: WM_DELETE_WINDOW (ICCCM 4.2.8.1)."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = [c_char_p], c_void_p
        x11.XInternAtom.argtypes, x11.XInternAtom.restype = [c_void_p, c_char_p, c_int], c_ulong
        x11.XSendEvent.argtypes = [c_void_p, c_ulong, c_int, c_long, POINTER(_Event)]
        x11.XCloseDisplay.argtypes = [c_void_p]
        display = x11.XOpenDisplay(self.display.encode())
        for window in self.windows():
            event = _Event()
            event.client.type = CLIENT_MESSAGE
            event.client.window = int(window)
            event.client.message_type = x11.XInternAtom(display, b"WM_PROTOCOLS", 0)
            event.client.format = 32
            event.client.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
            x11.XSendEvent(display, int(window), 0, 0, event)
        x11.XCloseDisplay(display)

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=30,
        )
        return done.stdout
