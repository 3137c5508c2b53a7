"""`linli board`: one community board, in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.clocks import ClockOption, chosen
from linli.commands.windows import (
    ControlOption,
    SettingsOption,
    TraceOption,
    run_window,
    settings_from,
    traced,
)
from linli.kiosk.settings import BoardSettings
from linli.town.control import Handler

app = typer.Typer(add_completion=False)
BOARD_NICE = 5
"""Terminal and board share one small computer: the person at the screen comes before the wall."""


@app.command()
def board(
    settings: SettingsOption,
    clock: ClockOption = None,
    trace: TraceOption = None,
    control: ControlOption = None,
    size: Annotated[str, typer.Option("--size", help="The window's size.")] = "1920x1080",
) -> None:
    """Run a board: the live ranking on a public screen."""
    os.nice(BOARD_NICE)
    width, by, height = size.partition("x")
    if not (by and width.isdigit() and height.isdigit()):
        raise typer.BadParameter("a size looks like 1920x1080", param_hint="--size")
    read = settings_from(settings, BoardSettings)
    from linli.kiosk.board.program import BoardProgram

    with traced(trace) as marks:
        program = BoardProgram(read, chosen(clock), marks, (int(width), int(height)))
        handlers: dict[str, Handler] = {
            "screenshot": lambda path: program.window.screenshot(Path(path))
        }
        run_window(program.run, program.window.stop, control, handlers)
