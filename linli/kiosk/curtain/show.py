"""`python -m linli.kiosk.curtain.show PICTURE DAY LEFT TOP PARENT`: stands before the window of a
program that starts, the process PARENT, until that ends it, or ends itself.

A process of its own: nothing that goes wrong here reaches the program, and it is done while that
still imports. Exit code 3: there was nothing to show."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from linli.kiosk.curtain.framebuffer import lay_down, take_up
from linli.kiosk.curtain.picture import NoPictureError, Picture, read
from linli.kiosk.curtain.x11 import stand_before
from linli.sync.parent_death import die_with_parent

NOTHING = 3
LONGEST_S = 10
"""A program that has drawn nothing by then may be stuck, and a still picture would hide that."""
ENDS = (signal.SIGTERM, signal.SIGALRM)


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    path, day, left, top, parent = arguments
    end_with(int(parent))
    signal.alarm(LONGEST_S)
    try:
        picture = found(Path(path), dt.date.fromisoformat(day))
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
