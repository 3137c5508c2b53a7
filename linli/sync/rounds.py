"""A thread that goes round until it is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Rounds:
    """Calls `once` again and again, on a thread of its own. It returns for how many seconds to rest
    before the next round, or None where there shall be no other. It raises nothing: what it lets
    out ends the thread, so whoever must go on for ever catches it and says why. `join_s` is how
    long `close` waits for the round in hand; for as long as it takes where it is left out."""

    def __init__(
        self, name: str, once: Callable[[], float | None], join_s: float | None = None
    ) -> None:
        self._once, self._join_s = once, join_s
        self._closing = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def closing(self) -> bool:
        """For a round that takes long: whether it is waited for."""
        return self._closing

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """The next round begins now; after the one in hand where one is. From any thread, before
        `start` too."""
        self._woken.set()

    def close(self) -> None:
        """The round in hand is the last. May be called twice, and before `start`."""
        self._closing = True
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(self._join_s)

    def _run(self) -> None:
        while not self._closing:
            rest_s = self._once()
            if rest_s is None:
                return
            self._woken.wait(rest_s)
            self._woken.clear()
