"""A board's nights: where its screen can be told, its lamps are made darker instead of its picture,
which saves them and the electricity."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import structlog

from linli.board.state import BoardState
from linli.devices.displays.base import Display, DisplayError

log = structlog.get_logger()
JOIN_S = 6.0


class BoardLight:
    """`dimmed` is called with each new picture, from one thread, and returns at once. The screen is
    looked for and told on a thread of its own; until it has heard, the picture is dark instead."""

    def __init__(self, find: Callable[[], Display | None]) -> None:
        self._find = find
        self._wanted: float | None = None
        self._told: float | None = None
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="board light", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def dimmed(self, state: BoardState) -> BoardState:
        """The picture, without its darkness where the screen itself is as dark already."""
        with self._news:
            self._wanted = state.darkness
            self._news.notify_all()
            return replace(state, darkness=0.0) if self._told == state.darkness else state

    def close(self) -> None:
        """May be called twice."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        try:
            display = self._find()
            while display is not None and (darkness := self._next()) is not None:
                display.write(round(100 * (1 - darkness)))
                with self._news:
                    self._told = darkness
        except DisplayError as error:
            log.warning("the board's screen does not hear any more", error=str(error))
            with self._news:
                self._told = None

    def _next(self) -> float | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or self._wanted not in (None, self._told))
            return None if self._closed else self._wanted
