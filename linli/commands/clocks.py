"""The clock a command runs on: the machine's, or the simulated town's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linli.sync.clock import Clock, SystemClock
from linli.town.clock import TownClock

ClockOption = Annotated[
    Path | None, typer.Option("--clock", help="A simulated town's clock file.", exists=True)
]


def chosen(path: Path | None) -> Clock:
    return SystemClock() if path is None else TownClock(path)
