"""`python -m linli.kiosk.curtain.show PICTURE DAY LEFT TOP`: stands before the window of a program
that starts, until that ends it, or ends itself.

A process of its own: nothing that goes wrong here reaches the program, and it is done while that
still imports. Exit code 3: there was nothing to show."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from linli.kiosk.curtain.framebuffer import lay_down
from linli.kiosk.curtain.picture import NoPictureError, read
from linli.kiosk.curtain.x11 import stand_before

NOTHING = 3
LONGEST_S = 10
"""A program that has drawn nothing by then may be stuck, and a still picture would hide that."""
PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    path, day, left, top = arguments
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.alarm(LONGEST_S)
    try:
        picture = read(Path(path), dt.date.fromisoformat(day))
        match environment.get("SDL_VIDEODRIVER", "x11"):
            case "x11":
                stand_before(picture, int(left), int(top))
            case "kmsdrm":
                lay_down(picture)
    except NoPictureError as error:
        print(f"no picture before the window: {error}", flush=True)
        return NOTHING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
