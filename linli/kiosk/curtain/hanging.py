"""The starting program's side of the curtain: it is hung first, and lifted with the first frame."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import structlog

from linli.kiosk.curtain.picture import picture_in
from linli.sync.periods import business_day

log = structlog.get_logger()
PATIENCE_S = 1.0


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


def hang(data: Path, now: dt.datetime, environment: Mapping[str, str] = os.environ) -> Curtain:
    """Before the place where Kivy's window will be, where there is a picture. A window with a frame
    is moved by whoever plays with the town, and has none. Raises nothing: it is an ornament."""
    if environment.get("KCFG_GRAPHICS_BORDERLESS") == "0":
        return Curtain()
    path, day = picture_in(data), business_day(now)
    placed = environment.get("KCFG_GRAPHICS_POSITION") == "custom"
    corner = [
        environment.get(f"KCFG_GRAPHICS_{side}", "0") if placed else "0" for side in ("LEFT", "TOP")
    ]
    show = [sys.executable, "-m", "linli.kiosk.curtain.show", str(path), day.isoformat()]
    show += [*corner, str(os.getpid())]
    try:
        if not path.exists():
            return Curtain()
        return Curtain(subprocess.Popen(show, stdin=subprocess.DEVNULL, env=dict(environment)))
    except OSError as error:
        log.warning("no picture before the window", error=str(error))
        return Curtain()
