"""What the commands that open a window share: their options, and running until told to stop."""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from linli.commands.failure import Failure
from linli.kiosk.settings import BoardSettings, SettingsError, TerminalSettings, read_settings
from linli.kiosk.trace import Trace
from linli.town.control import ControlServer, Handler

S = TypeVar("S", TerminalSettings, BoardSettings)
SettingsOption = Annotated[Path, typer.Option("--settings", help="The TOML file to run from.")]
TraceOption = Annotated[
    Path | None, typer.Option("--trace", help="Write the time of every step to this file.")
]
ControlOption = Annotated[
    Path | None, typer.Option("--control", help="A socket for the demo's touches and pictures.")
]


def settings_from(path: Path, kind: type[S]) -> S:
    """Raises Failure with what is wrong in the file."""
    try:
        return read_settings(path, kind)
    except SettingsError as error:
        raise Failure(str(error)) from error


@contextmanager
def traced(path: Path | None) -> Iterator[Trace]:
    if path is None:
        yield Trace()
        return
    with path.open("a", encoding="utf-8") as out:
        yield Trace(out)


def run_window(
    run: Callable[[], None],
    stop: Callable[[], None],
    control: Path | None,
    handlers: dict[str, Handler],
) -> None:
    faulthandler.enable()  # a crash below Python leaves its place in the log
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
    server = ControlServer(control, handlers) if control is not None else None
    try:
        run()
    finally:
        if server is not None:
            server.close()
