"""What is started behind a window that shows something already."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import structlog

log = structlog.get_logger()


class Closable(Protocol):
    def close(self) -> None: ...


B = TypeVar("B", bound=Closable)


PATIENCE_S = 60.0


class Starting(Generic[B]):
    """Calls `make` on a thread of its own, once `begin` was called. Where that fails, `failed` is
    called, and `close` raises what happened. Where it does not end within `patience_s`, the program
    is aborted: its window would stand there, beating and deaf."""

    def __init__(
        self, make: Callable[[], B], failed: Callable[[], None], patience_s: float = PATIENCE_S
    ) -> None:
        self._make, self._failed = make, failed
        self._overdue = threading.Timer(patience_s, os.abort)
        self._overdue.daemon = True
        self._made: B | None = None
        self._early: list[Callable[[B], None]] = []
        self._error: Exception | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="start", daemon=True)
        self._begun = False

    def begin(self) -> None:
        """At its second call nothing happens."""
        with self._lock:
            begun, self._begun = self._begun, True
        if not begun:
            self._overdue.start()
            self._thread.start()

    @property
    def made(self) -> B | None:
        """None until it is."""
        return self._made

    def tell(self, message: Callable[[B], None]) -> None:
        """From any thread: what was made is told, as soon as it is made."""
        with self._lock:
            if self._made is None:
                self._early.append(message)
                return
        message(self._made)

    def close(self) -> None:
        """Closes what was made, once it was."""
        if self._begun:
            self._thread.join()
        if self._made is not None:
            self._made.close()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            made = self._make()
        except Exception as error:
            log.exception("what is behind the window did not start")
            self._error = error
            self._failed()
            return
        finally:
            self._overdue.cancel()
        with self._lock:
            self._made, early = made, self._early
        for message in early:
            message(made)
