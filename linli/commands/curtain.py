"""What stands before a window that opens, from the command line's side: a window's command hangs it
first of all, so this imports as little as it can, and the curtain's own process, which is
`python -m linli.commands.curtain SETTINGS CLOCK LEFT TOP PARENT`, finds the picture meanwhile.
SETTINGS is the file that the window's program runs from, CLOCK that of a simulated town or ""."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from linli.kiosk.curtain.hanging import Curtain, hang

if TYPE_CHECKING:
    from linli.kiosk.curtain.show import Wanted

WITHOUT = frozenset(("--supervised", "--windowless", "--strip"))
"""With one of these a program opens no window itself, or one with more in it than the picture."""


def curtain_for(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Curtain:
    """For a window's program that was called with these arguments."""
    settings = _given(arguments, "--settings")
    names = {argument.partition("=")[0] for argument in arguments}
    if names & WITHOUT or not os.path.exists(settings):
        return Curtain()
    clock = _given(arguments, "--clock")
    return hang(["linli.commands.curtain", settings, clock], environment)


def _given(arguments: Sequence[str], option: str) -> str:
    """The value that counts, as argparse has it: the last one; "" where there is none."""
    value = ""
    for number, argument in enumerate(arguments):
        if argument == option:
            value = "".join(arguments[number + 1 : number + 2])
        elif argument.startswith(f"{option}="):
            value = argument.partition("=")[2]
    return value


def wanted(settings: str, clock: str) -> Wanted:
    """Raises NoPictureError. What is wrong with the settings the program itself says."""
    import tomllib
    from pathlib import Path

    from linli.kiosk.curtain.picture import NoPictureError, picture_in
    from linli.sync.clock import SystemClock
    from linli.sync.periods import business_day
    from linli.town.clock import TownClock

    try:
        data = Path(tomllib.loads(Path(settings).read_text(encoding="utf-8"))["data"])
        now = (TownClock(Path(clock)) if clock else SystemClock()).now()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoPictureError(f"{settings} does not lead to one: {error}") from error
    if not data.is_absolute():  # nobody knows where that is
        raise NoPictureError(f"{settings} does not lead to one: data is {data}")
    return picture_in(data), business_day(now)


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    from linli.kiosk.curtain import show

    settings, clock, *rest = arguments
    return show.main(rest, lambda: wanted(settings, clock), environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
