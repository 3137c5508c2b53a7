"""What other threads have asked a window to show and it has not yet looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Pending(Generic[T]):
    """`ask` may be called from any thread. `post` lets a call run in the window's own thread; one
    is posted for all that is asked until `take` is called there, with the oldest first."""

    def __init__(
        self, post: Callable[[Callable[[], None]], None], take: Callable[[list[T]], None]
    ) -> None:
        self._post, self._take = post, take
        self._asked: list[T] = []
        self._asking = threading.Lock()

    def ask(self, wish: T) -> None:
        with self._asking:
            self._asked.append(wish)
            first = len(self._asked) == 1
        if first:
            self._post(self._hand_over)

    def _hand_over(self) -> None:
        with self._asking:
            asked, self._asked = self._asked, []
        self._take(asked)
