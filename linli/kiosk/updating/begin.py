"""Starts the version whose turn it is: `begin.py DIRECTORY linli-arguments…`.

It is always the package's own that is run here, never an updated one: a version on trial that
cannot even be loaded has been counted before. What stands in its way (a torn standing.json, a
slot of another Python) is said, and the package's own version starts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from linli.kiosk.updating import states
from linli.kiosk.updating.slots import Slots, StandingError

DIRECTORY_VARIABLE = "LINLI_UPDATES"
COUNTED = "kiosk"
"""The program whose probation it is. The others start what it has come to."""


def main(arguments: Sequence[str]) -> None:
    """Replaces this process."""
    slots, own = Slots(Path(arguments[0])), arguments[1:]
    command = command_of(slots, own)
    environment = environment_of(slots, os.environ, package=command[0] == sys.executable)
    os.execve(command[0], command, environment)  # noqa: S606 - ours, by path


def command_of(slots: Slots, arguments: Sequence[str]) -> list[str]:
    """Counts a start of a version on trial, and rolls back the one that had its three."""
    return [str(_program(slots, arguments[:1])), "-s", "-m", "linli", *arguments]


def environment_of(slots: Slots, before: Mapping[str, str], *, package: bool) -> dict[str, str]:
    """A slot finds its packages by itself: neither the package's own nor what lies in the directory
    one happens to stand in may come before them."""
    after = {**before, DIRECTORY_VARIABLE: str(slots.directory), "PYTHONSAFEPATH": "1"}
    if not package:
        after.pop("PYTHONPATH", None)
    return after


def _program(slots: Slots, which: Sequence[str]) -> Path:
    package = Path(sys.executable)
    try:
        standing = slots.change(states.starting) if which == [COUNTED] else slots.read()
    except (StandingError, OSError) as error:
        # Uncounted, a version on trial could fall for ever: it does not start.
        print(f"linli: the package's own version starts: {error}", file=sys.stderr)
        return package
    if standing.starts_from is None:
        return package
    slot = slots.path(standing.starts_from)
    program, libraries = slot / "bin" / "python", slot / "lib" / _python()
    if os.access(program, os.X_OK) and libraries.is_dir():
        return program
    print(f"linli: {slot} is not for {_python()}: the package's own starts", file=sys.stderr)
    return package


def _python() -> str:
    return "python{}.{}".format(*sys.version_info)


if __name__ == "__main__":
    main(sys.argv[1:])
