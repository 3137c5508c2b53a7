"""`linli kiosk` or `linli board` as it is, that writes down when it was touched and when it drew.

The first argument names the file, the others are the program's. A line each: `touched X Y AT`
(pixels from the upper left) once a touch that changes the picture has been passed on, and
`flipped AT` when a frame was handed over; AT are monotonic seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, TextIO


def watch(out: TextIO) -> None:
    from linli.commands.sparing import do_without

    do_without()
    import linli.kiosk.theme.before_kivy  # noqa: F401  first, so that Kivy finds its settings

    from kivy.clock import Clock  # isort: skip
    from kivy.core.window import Window  # isort: skip

    def flipped(_: Any) -> None:
        out.write(f"flipped {time.monotonic()}\n")

    def touched(_: Any, touch: Any) -> None:
        # -1: once everything was told of the touch, before the frame is drawn.
        Clock.schedule_once(partial(note, touch.x, Window.height - touch.y), -1)

    def note(x: float, y: float, _: float) -> None:
        if Window.canvas.needs_redraw:
            out.write(f"touched {round(x)} {round(y)} {time.monotonic()}\n")

    Window.bind(on_flip=flipped, on_touch_down=touched)


def main(arguments: Sequence[str]) -> None:
    from linli.commands import board, kiosk

    path, name, *rest = arguments
    programs = {"board": board.main, "kiosk": kiosk.main}
    if name == "board":
        board.seldom()
    with open(path, "a", encoding="utf-8") as out:
        watch(out)
        programs[name](rest)


if __name__ == "__main__":
    main(sys.argv[1:])
