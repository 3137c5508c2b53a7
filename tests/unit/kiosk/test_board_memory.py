"""A board gives back what it does not need any more."""

from __future__ import annotations

import gc
import weakref

from linli.kiosk.board.memory import give_back


class Page:
    """Something that knows itself, as widgets do."""

    def __init__(self) -> None:
        self.me = self


def test_pages_that_nobody_shows_are_gone() -> None:
    gc.disable()
    try:
        page = Page()
        seen = weakref.ref(page)
        del page
        assert seen() is not None
        give_back()
        assert seen() is None
    finally:
        gc.enable()
