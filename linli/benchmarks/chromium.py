"""Debian's Chromium in kiosk mode: what a terminal or a board costs in a browser."""

from __future__ import annotations

import time
from pathlib import Path

from linli.benchmarks.peers import NoPeerError
from linli.benchmarks.programs import memory
from linli.benchmarks.sight import Sight
from linli.town.processes import Child

PROGRAM = Path("/usr/bin/chromium")
PAGE = (Path(__file__).parent / "terminal_peer.html").as_uri()
"""A terminal's resting screen, of the same look, without anything behind it."""


class Chromium:
    """`directory` holds its profile. Raises NoPeerError where it is not installed."""

    def __init__(self, directory: Path, display: str, sight: Sight, size: tuple[int, int]) -> None:
        if not PROGRAM.exists():
            raise NoPeerError(f"there is no {PROGRAM}: install Debian's chromium")
        self._directory, self._display, self._sight = directory, display, sight
        self._size = size

    def cost(self, url: str) -> tuple[float, float]:
        """Seconds from the start to the first meaningful frame, and MB once it has settled, of a
        second start: the first makes its profile and reads its files."""
        self._once(url)
        return self._once(url)

    def _once(self, url: str) -> tuple[float, float]:
        width, height = self._size
        # Without its sandbox, since it may run as root; without a GPU process, which would only
        # add to its memory here.
        command = [
            *(str(PROGRAM), "--kiosk", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *(f"--window-size={width},{height}", "--window-position=0,0"),
            *(f"--user-data-dir={self._directory / 'chromium'}", url),
        ]
        child = Child(command, self._directory / "chromium.log", {"DISPLAY": self._display})
        try:
            took = self._sight.meaningful_after(child.started)
            return took, memory(child.process.pid)
        finally:
            child.stop()
            time.sleep(1.0)
