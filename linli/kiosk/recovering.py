"""What stands on the screen while its program cannot be started: that it is being seen to, what one
can do meanwhile, and whom to call. `python -m linli.kiosk.recovering --help`.

A program of its own, which opens no file of the terminal's: what the other falls over must not fell
it too.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence

from linli.kiosk.theme.stage import Stage  # first: it settles Kivy's settings

from kivy.core.window import Window  # isort: skip

from linli.assets.words import Words
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, MARGIN, PAPER, SOFT, Look

TERMINAL, BOARD = "terminal", "board"
LANGUAGES = ("zh_CN", "en")
"""Both at once: nobody can be asked."""


class Notice(Part):
    """`facts` are for whoever is called: which machine it is, and why its program ended."""

    def __init__(self, which: str, call: str, facts: str) -> None:
        super().__init__()
        self._mark = Drawing("restart", PAPER)
        self._said = [said(which, Words(language)) for language in LANGUAGES]
        self._calls = [calls(call, Words(language)) for language in LANGUAGES] if call else []
        self._facts_said = facts
        self._titles = [Text(INK, PAPER, bold=True, align="center") for _ in self._said]
        self._lines = [Text(INK, PAPER, align="center", max_lines=3) for _ in self._said]
        self._call = Text(INK, PAPER, bold=True, align="center", max_lines=2)
        self._facts = Text(SOFT, PAPER, align="center")

    def put(self, rect: Rect) -> None:
        self.box(rect)
        look = Look((rect.w, rect.h))
        inner, gap = rect.inset(look.px(MARGIN * 2), look.px(MARGIN)), look.px(GAP)
        facts, inner = inner.cut_bottom(line_height(look.type("small")[0]), gap)
        self._facts.put(facts, self._facts_said, look.type("small"))
        mark, inner = inner.centred(inner.w, min(inner.h, look.px(640))).cut_top(look.px(130), gap)
        self._mark.put(mark)
        call, inner = inner.cut_bottom(line_height(look.type("body")[0]) * 2, gap)
        self._call.put(call, "\n".join(self._calls), look.type("body", "small"))
        for part, title, line, words, sizes in zip(
            inner.rows(len(self._said), gap),
            self._titles,
            self._lines,
            self._said,
            (("title", "heading"), ("heading", "strong")),
            strict=True,
        ):
            head, rest = part.cut_top(line_height(look.type(sizes[0])[0]))
            title.put(head, words[0], look.type(*sizes))
            line.put(rest, words[1], look.type("body", "small"))
        self.only([self._mark, *self._titles, *self._lines, self._call, self._facts])


def said(which: str, words: Words) -> tuple[str, str]:
    """What is the matter, and what one can do."""
    if which == BOARD:
        return words("The board is being restored…"), words("It comes back by itself.")
    return (
        words("The terminal is being restored…"),
        words(
            "Please wait some minutes, or go to the service desk. Every tap that was confirmed is"
            " kept: nothing is lost."
        ),
    )


def calls(whom: str, words: Words) -> str:
    return words("If this stays, call {whom}", whom=whom)


def main(arguments: Sequence[str] | None = None) -> None:
    """Shows the notice until it is told to end."""
    parser = argparse.ArgumentParser("recovering", description=main.__doc__)
    parser.add_argument("which", choices=(TERMINAL, BOARD))
    parser.add_argument("--call", default="", help="who looks after it, and their number")
    parser.add_argument("--facts", default="", help="what they will ask for")
    parser.add_argument("--size", help="such as 1920x1080")
    given = parser.parse_args(arguments)
    if given.size:
        Window.size = tuple(int(side) for side in given.size.split("x"))
    Window.show_cursor = False
    notice = Notice(given.which, given.call, given.facts)
    stage = Stage("Linli", notice, lambda width, height: notice.put(Rect(0, 0, width, height)))
    signal.signal(signal.SIGTERM, lambda *_: stage.stop())
    stage.run()


if __name__ == "__main__":
    main()
