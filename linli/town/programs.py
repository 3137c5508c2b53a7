"""The programs that a town consists of: begun, waited for, and ended with it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from linli.town.control import ControlClient
from linli.town.processes import Child

START_S = 40.0
"""How long a program may take to be ready before the town gives up on it."""


class TownError(RuntimeError):
    """A program of the town did not start or went away; the text says which and its last words."""


class Programs:
    """Each has a log of its name in `directory`, lives by the clock there, and ends with `ending`.
    `command` makes the command line of the program of a name."""

    def __init__(
        self,
        directory: Path,
        command: Callable[..., list[str]],
        ending: contextlib.ExitStack,
    ) -> None:
        self._directory, self._command, self._ending = directory, command, ending

    def begin(
        self,
        name: str,
        *arguments: str,
        environment: dict[str, str] | None = None,
        nice: int = 0,
    ) -> Child:
        command = self._command(name, *arguments, "--clock", str(self._directory / "clock"))
        child = Child(command, self._directory / f"{name}.log", environment, nice)
        self._ending.callback(child.stop)
        return child

    def control(self, child: Child) -> ControlClient:
        """Of a window. Raises TownError."""
        try:
            client = ControlClient(self._directory / f"{child.name}.sock", START_S)
        except ConnectionError as error:
            raise _not_started(child) from error
        self._ending.callback(client.close)
        return client


def wait_for(child: Child, ready: Callable[[], bool]) -> None:
    """Raises TownError where it went away, or is not ready in time."""
    deadline = time.monotonic() + START_S
    while not ready():
        if not child.alive() or time.monotonic() > deadline:
            raise _not_started(child)
        time.sleep(0.05)


def _not_started(child: Child) -> TownError:
    return TownError(f"{child.name} did not start:\n{child.last_words()}")
