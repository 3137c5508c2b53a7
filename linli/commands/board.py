"""`linli board`: one community board, in a process of its own."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from linli.commands.windows import options, run_window, settings_from, supervise, traced
from linli.kiosk.curtain.hanging import Curtain
from linli.kiosk.settings import BoardSettings
from linli.town.control import Handler

BOARD_NICE = 5
"""Terminal and board share one small computer: the person at the screen comes before the wall."""

LOOKS_A_SECOND = 4
"""How often an idle board looks whether somebody touched it, where nobody does. What another thread
asks for, and a movement, are drawn at once all the same."""


def main(arguments: Sequence[str], curtain: Curtain) -> None:
    """Run a board: the live ranking on a public screen."""
    parser = options("board", main.__doc__)
    parser.add_argument("--size", type=_size, default=(1920, 1080), help="such as 1920x1080")
    given = parser.parse_args(arguments)
    settings = settings_from(given.settings, BoardSettings)
    if given.supervised:
        supervise("board", arguments, settings, "x".join(map(str, given.size)))
        return
    os.nice(BOARD_NICE)
    seldom()
    from linli.kiosk.board.program import BoardProgram

    with traced(given.trace) as marks:
        program = BoardProgram(settings, given.clock, marks, given.size, curtain)
        handlers: dict[str, Handler] = {
            "screenshot": lambda path: program.window.screenshot(Path(path))
        }
        run_window(program.run, program.window.stop, given.control, handlers)


def seldom() -> None:
    """Before Kivy is imported."""
    os.environ.setdefault("KCFG_GRAPHICS_MAXFPS", str(LOOKS_A_SECOND))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError("a size looks like 1920x1080")
    return int(width), int(height)
