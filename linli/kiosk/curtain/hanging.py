"""The starting program's side of the curtain: it is hung before all else is imported (so this
imports as little as it can), and lifted with the first frame."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

PATIENCE_S = 1.0
DRIVERS = ("x11", "kmsdrm")
"""Of SDL, for screens before which a curtain can hang."""
NO_CURTAIN = "LINLI_NO_CURTAIN"
"""Set in the environment of a program that has ended again and again: an inviting picture would
come and go with each start."""


class Curtain:
    """The process that shows the picture; without one there is nothing to lift."""

    def __init__(self, process: subprocess.Popen[bytes] | None = None) -> None:
        self._process = process

    @property
    def is_hanging(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def lift(self) -> None:
        """What is behind it is seen. May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def hang(show: Sequence[str], environment: Mapping[str, str] = os.environ) -> Curtain:
    """Before the place where Kivy's window will be. `show` is the module that shows it, which goes
    on as `show.main` does, and what it is to be told first. A window with a frame is moved by
    whoever plays with the town, and has no curtain. Raises nothing: it is an ornament."""
    if environment.get("KCFG_GRAPHICS_BORDERLESS") == "0" or NO_CURTAIN in environment:
        return Curtain()
    if environment.get("SDL_VIDEODRIVER", DRIVERS[0]) not in DRIVERS:
        return Curtain()
    placed = environment.get("KCFG_GRAPHICS_POSITION") == "custom"
    corner = [
        environment.get(f"KCFG_GRAPHICS_{side}", "0") if placed else "0" for side in ("LEFT", "TOP")
    ]
    command = [sys.executable, "-m", *show, *corner, str(os.getpid())]
    try:
        return Curtain(subprocess.Popen(command, stdin=subprocess.DEVNULL, env=dict(environment)))
    except OSError as error:
        print(f"no picture before the window: {error}", file=sys.stderr)
        return Curtain()
