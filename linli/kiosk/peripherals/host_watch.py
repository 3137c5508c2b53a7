"""Tells the terminal board that this machine lives; the board takes its power away for ten seconds
when it has not heard so for too long (docs/protocol.md, heartbeat)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError, UnsuitableBoardError
from linli.sync.rounds import Rounds

log = structlog.get_logger()
BEAT_S = 20.0
PATIENCE_S = 180.0
"""Longer than the supervisor takes to bring a program back, and a plug to be put in again."""
Post = Callable[[Callable[[], None]], None]


class HostWatch:
    """Beats while the window's loop turns: a machine that is up and shows nothing is not alive.
    A program that is ended on purpose ends the watch; one that crashed has `patience_s`."""

    def __init__(
        self, board: Board, beat_s: float = BEAT_S, patience_s: float = PATIENCE_S
    ) -> None:
        self._board = board
        self._beat_s = beat_s
        self._patience_s = patience_s
        self._turned = threading.Event()
        self._watched = False
        self._rounds = Rounds("host watch", self._round)

    def start(self, post: Post) -> None:
        """`post` has something done in the window's loop, soon."""
        self._post = post
        self._rounds.start()

    def close(self) -> None:
        """Also before `start`."""
        self._rounds.close()
        if self._watched:
            self._end()

    def _round(self) -> float | None:
        if self._turned.is_set():
            try:
                self._beat()
            except UnsuitableBoardError as error:
                log.error("the board cannot watch over this machine", error=str(error))
                return None
            except BoardError as error:
                log.warning("the board was not told that this machine lives", error=str(error))
        self._turned.clear()
        self._post(self._turned.set)
        return self._beat_s

    def _beat(self) -> None:
        if not self._watched:
            self._board.require(("power",))
        self._board.heartbeat(self._patience_s)
        self._watched = True

    def _end(self) -> None:
        try:
            self._board.heartbeat(0)
        except BoardError as error:
            log.warning("the board still watches over this machine", error=str(error))
