"""The clock a command runs on: the machine's, or the simulated town's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.sync.clock import Clock, SystemClock
from linli.town.clock import TownClock

ClockOption = Annotated[
    Path | None, typer.Option("--clock", help="A simulated town's clock file.", exists=True)
]


def chosen(path: Path | None) -> Clock:
    """Raises Failure for a file that is no town's clock."""
    if path is None:
        return SystemClock()
    try:
        return TownClock(path)
    except (OSError, ValueError) as error:
        raise Failure(
            f"{path} is no clock of a simulated town: leave --clock out, and this machine's own"
            " clock is taken"
        ) from error
