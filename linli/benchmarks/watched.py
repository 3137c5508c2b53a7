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

from linli.commands.sparing import do_without


def watch(out: TextIO) -> None:
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
    path, name, *rest = arguments
    do_without()  # first, as `linli` does: what is imported before it brings more along
    from linli.commands import app, board

    if name == "board":
        board.seldom()
    sys.argv[1:] = [name, *rest]
    with open(path, "a", encoding="utf-8") as out:
        watch(out)
        app.main()


if __name__ == "__main__":
    main(sys.argv[1:])
