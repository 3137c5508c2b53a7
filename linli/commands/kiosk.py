"""`linli kiosk`: one terminal, in a process of its own."""

from __future__ import annotations

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
from linli.kiosk.settings import TerminalSettings
from linli.town.control import Handler

app = typer.Typer(add_completion=False)


@app.command()
def kiosk(
    settings: SettingsOption,
    clock: ClockOption = None,
    trace: TraceOption = None,
    control: ControlOption = None,
    strip: Annotated[
        Path | None, typer.Option("--strip", help="Show the cards in hand of this town's socket.")
    ] = None,
) -> None:
    """Run a terminal: its window, readers, store and link."""
    read = settings_from(settings, TerminalSettings)
    from linli.kiosk.app import KioskProgram

    footer = None
    if strip is not None:
        from linli.town.strip import Strip

        footer = Strip(strip)
    with traced(trace) as marks:
        program = KioskProgram(read, chosen(clock), marks, footer)
        handlers: dict[str, Handler] = {
            "choose": program.terminal.choose,
            "home": lambda _: program.terminal.go_home(),
            "screenshot": lambda path: program.window.screenshot(Path(path)),
        }
        run_window(program.run, program.window.stop, control, handlers)
