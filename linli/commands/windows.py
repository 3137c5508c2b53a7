"""`linli kiosk` and `linli board`: one window each, one process each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.kiosk.settings import BoardSettings, SettingsError, TerminalSettings, read_settings
from linli.kiosk.trace import Trace
from linli.town.control import ControlServer, Handler

SettingsOption = Annotated[Path, typer.Option("--settings", help="The TOML file to run from.")]
TraceOption = Annotated[
    Path | None, typer.Option("--trace", help="Write the time of every step to this file.")
]
BOARD_NICE = 5
"""Terminal and board share one small computer: the person at the screen comes before the wall."""

ControlOption = Annotated[
    Path | None, typer.Option("--control", help="A socket for the demo's touches and pictures.")
]


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
    _before_kivy()
    try:
        read = read_settings(settings, TerminalSettings)
    except SettingsError as error:
        raise Failure(str(error)) from error
    from linli.kiosk.app import KioskProgram

    footer = None
    if strip is not None:
        from linli.town.strip import Strip

        footer = Strip(strip)
    with _trace(trace) as marks:
        program = KioskProgram(read, chosen(clock), marks, footer)
        handlers: dict[str, Handler] = {
            "choose": program.terminal.choose,
            "home": lambda _: program.terminal.go_home(),
            "screenshot": lambda path: program.window.screenshot(Path(path)),
        }
        _run(program.run, program.window.stop, control, handlers)


def board(
    settings: SettingsOption,
    clock: ClockOption = None,
    trace: TraceOption = None,
    control: ControlOption = None,
    size: Annotated[str, typer.Option("--size", help="The window's size.")] = "1920x1080",
) -> None:
    """Run a board: the live ranking on a public screen."""
    os.nice(BOARD_NICE)
    _before_kivy()
    width, by, height = size.partition("x")
    if not (by and width.isdigit() and height.isdigit()):
        raise typer.BadParameter("a size looks like 1920x1080", param_hint="--size")
    try:
        read = read_settings(settings, BoardSettings)
    except SettingsError as error:
        raise Failure(str(error)) from error
    from linli.kiosk.board.program import BoardProgram

    with _trace(trace) as marks:
        program = BoardProgram(read, chosen(clock), marks, (int(width), int(height)))
        handlers: dict[str, Handler] = {
            "screenshot": lambda path: program.window.screenshot(Path(path))
        }
        _run(program.run, program.window.stop, control, handlers)


def _before_kivy() -> None:
    """Kivy reads these at import: our own options are not its business."""
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")


@contextmanager
def _trace(path: Path | None) -> Iterator[Trace]:
    if path is None:
        yield Trace()
        return
    with path.open("a", encoding="utf-8") as out:
        yield Trace(out)


def _run(
    run: Callable[[], None],
    stop: Callable[[], None],
    control: Path | None,
    handlers: dict[str, Handler],
) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
    server = ControlServer(control, handlers) if control is not None else None
    try:
        run()
    finally:
        if server is not None:
            server.close()
