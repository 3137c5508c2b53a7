"""The starting program's side of the curtain: it is hung first, and lifted with the first frame."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from linli.kiosk.curtain.picture import picture_in
from linli.sync.periods import business_day


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
        if process is not None:
            process.terminate()
            process.wait()


def hang(data: Path, now: dt.datetime, environment: Mapping[str, str] = os.environ) -> Curtain:
    """Before the place where Kivy's window will be, where there is a picture. A window with a frame
    is moved by whoever plays with the town, and has none."""
    path, day = picture_in(data), business_day(now)
    if environment.get("KCFG_GRAPHICS_BORDERLESS") == "0" or not path.exists():
        return Curtain()
    placed = environment.get("KCFG_GRAPHICS_POSITION") == "custom"
    corner = [
        environment.get(f"KCFG_GRAPHICS_{side}", "0") if placed else "0" for side in ("LEFT", "TOP")
    ]
    show = [sys.executable, "-m", "linli.kiosk.curtain.show", str(path), day.isoformat(), *corner]
    return Curtain(subprocess.Popen(show, stdin=subprocess.DEVNULL, env=dict(environment)))
