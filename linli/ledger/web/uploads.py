"""What somebody uploaded and has looked at, until they confirm it.

In memory only: it may be a list of names and telephones, which no disk keeps and no browser is
trusted with. Whoever takes too long, or meets a restart, uploads once more.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from dataclasses import dataclass
from typing import Any

GOOD_FOR = dt.timedelta(minutes=30)
MOST = 20
"""All at once, the oldest go first; each is some megabytes."""


@dataclass(frozen=True, slots=True)
class _Kept:
    by: str
    value: Any
    until: dt.datetime


class Uploads:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def keep(self, by: str, value: Any, now: dt.datetime) -> str:
        """Returns the name it is found by, which nobody guesses. What `by` uploaded before goes."""
        name = secrets.token_urlsafe(18)
        with self._lock:
            left = [(n, k) for n, k in self._kept.items() if k.by != by and now < k.until]
            self._kept = dict(left[-MOST + 1 :])
            self._kept[name] = _Kept(by, value, now + GOOD_FOR)
        return name

    def read(self, by: str, name: str, now: dt.datetime) -> Any:
        """None where it is not there any more, or was never theirs."""
        with self._lock:
            kept = self._kept.get(name)
        return kept.value if kept is not None and kept.by == by and now < kept.until else None

    def drop(self, name: str) -> None:
        with self._lock:
            self._kept.pop(name, None)
