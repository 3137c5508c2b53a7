"""What the commands that open a window share: their options, and running until told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from linli.commands.failure import Failure
from linli.kiosk.settings import BoardSettings, SettingsError, TerminalSettings, read_settings
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock, SystemClock
from linli.town.clock import TownClock
from linli.town.control import ControlServer, Handler

SUPERVISED = "--supervised"
S = TypeVar("S", TerminalSettings, BoardSettings)


def options(name: str, description: str | None) -> argparse.ArgumentParser:
    """`--settings`, `--clock`, `--trace` and `--control`; a command adds its own."""
    parser = argparse.ArgumentParser(
        f"linli {name}",
        description=description,
        allow_abbrev=False,  # `curtain_for` looks for whole words before this does
    )
    parser.add_argument(
        "--settings", type=Path, required=True, metavar="FILE", help="the TOML file to run from"
    )
    parser.add_argument(
        "--clock", type=_town_clock, metavar="FILE", help="a simulated town's clock file"
    )
    parser.add_argument(
        "--trace", type=Path, metavar="FILE", help="write the time of every step to this file"
    )
    parser.add_argument(
        "--control", type=Path, metavar="SOCKET", help="for the demo's touches and pictures"
    )
    parser.add_argument(
        SUPERVISED,
        action="store_true",
        help="run it in a process of its own, and again whenever it ends or hangs",
    )
    parser.set_defaults(clock=SystemClock())
    return parser


def supervise(
    name: str, arguments: Sequence[str], settings: TerminalSettings | BoardSettings, size: str = ""
) -> None:
    """Runs `linli NAME` with these arguments until told to end, and writes down beside its data why
    it was started again."""
    from linli.kiosk.supervisor.run import Supervisor
    from linli.kiosk.updating.probation import is_switched, superseded, trial_of

    which = "board" if isinstance(settings, BoardSettings) else "terminal"

    def notice(reason: str) -> list[str]:
        shown = [sys.executable, "-m", "linli.kiosk.recovering", which, "--call", settings.call]
        sized = ["--size", size] if size else []
        return [*shown, "--facts", f"{settings.name} · {reason}", *sized]

    settings.data.mkdir(parents=True, exist_ok=True)
    command, restarts = _unsupervised(name, arguments), settings.data / "restarts.jsonl"
    # The kiosk's probation decides for both: a board goes on by itself until it is decided.
    if name == "kiosk":
        on_trial = lambda: trial_of() is not None  # noqa: E731
        supervisor = Supervisor(name, command, restarts, notice, on_trial, is_switched)
    else:
        supervisor = Supervisor(name, command, restarts, notice, superseded=superseded())
    if not supervisor.run():
        sys.exit(1)


def supervise_newcomer(name: str, arguments: Sequence[str], data: Path) -> None:
    """Like `supervise`, for one that nobody knows yet, and on into its first life."""
    from linli.kiosk.supervisor.run import Supervisor

    data.mkdir(parents=True, exist_ok=True)
    Supervisor(name, _unsupervised(name, arguments), data / "restarts.jsonl").run()


def _unsupervised(name: str, arguments: Sequence[str]) -> list[str]:
    own = [argument for argument in arguments if argument != SUPERVISED]
    return [sys.executable, "-m", "linli", name, *own]


def _town_clock(path: str) -> Clock:
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"there is no clock {path}")
    return TownClock(Path(path))


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
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
    server = ControlServer(control, handlers) if control is not None else None
    try:
        run()
    finally:
        if server is not None:
            server.close()
