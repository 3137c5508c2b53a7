"""Tells the terminal board that this machine lives; the board takes its power away for ten seconds
when it has not heard so for too long (docs/protocol.md, heartbeat)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from linli.firmware_bridge.board import Board
from linli.firmware_bridge.errors import BoardError, UnsuitableBoardError

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
        self._turns = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, post: Post) -> None:
        """`post` has something done in the window's loop, soon."""
        self._post = post
        self._thread = threading.Thread(target=self._run, name="host watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        watched = False
        while not self._closed_while_asking():
            if not self._turns.is_set():
                continue
            try:
                if not watched:
                    self._board.require(("power",))
                self._board.heartbeat(self._patience_s)
                watched = True
            except UnsuitableBoardError as error:
                log.error("the board cannot watch over this machine", error=str(error))
                return
            except BoardError as error:
                log.warning("the board was not told that this machine lives", error=str(error))
        if watched:
            self._end()

    def _closed_while_asking(self) -> bool:
        self._turns.clear()
        self._post(self._turns.set)
        return self._closing.wait(self._beat_s)

    def _end(self) -> None:
        try:
            self._board.heartbeat(0)
        except BoardError as error:
            log.warning("the board still watches over this machine", error=str(error))
