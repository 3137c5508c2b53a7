"""The curtain's process: it stands before the window of a program that starts, until that ends it
or ends itself.

Nothing that goes wrong here reaches the program, and it is done while that still imports: so this
imports as little as it can."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from linli.kiosk.curtain.framebuffer import lay_down, take_up
from linli.kiosk.curtain.picture import NoPictureError, Picture, read
from linli.kiosk.curtain.x11 import stand_before
from linli.sync.parent_death import die_with_parent

Wanted = tuple[Path, dt.date]
NOTHING = 3
LONGEST_S = 10
"""A program that has drawn nothing by then may be stuck, and a still picture would hide that."""
ENDS = (signal.SIGTERM, signal.SIGALRM)


def main(
    arguments: Sequence[str], wanted: Callable[[], Wanted], environment: Mapping[str, str]
) -> int:
    """`arguments` are LEFT TOP PARENT: where the window will be, and the process that wants it.
    `wanted`, which picture and of which day, may raise NoPictureError. The result is an exit code;
    3 where there was nothing to show."""
    left, top, parent = arguments
    end_with(int(parent))
    signal.alarm(LONGEST_S)
    try:
        picture = found(*wanted())
        match environment.get("SDL_VIDEODRIVER", "x11"):
            case "x11":
                stand_before(picture, int(left), int(top))
            case "kmsdrm":
                _stand_in_framebuffer(picture)
    except NoPictureError as error:
        print(f"no picture before the window: {error}", flush=True)
        return NOTHING
    return 0


def found(path: Path, day: dt.date) -> Picture:
    """One that may not be shown is deleted: it may name somebody who no longer wants that.
    Raises NoPictureError."""
    try:
        return read(path, day)
    except NoPictureError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def end_with(parent: int) -> None:
    """This process, also where the parent went before it was asked for."""
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(NOTHING)


def _stand_in_framebuffer(picture: Picture) -> None:
    """Nothing stays there for a moment in which no program has the screen."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    lay_down(picture)
    signal.sigwait(ENDS)
    take_up()
