"""The last lines of the log at level warning or above: the event alone, none of its values."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

from linli.kiosk.log_lines import without_people
from linli.sync.health_messages import ErrorNote

KEPT = 20
LONGEST = 120
LEVELS = frozenset(("warning", "warn", "error", "exception", "critical", "fatal"))


class RecentErrors:
    """A processor of structlog; may be called from any thread."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._notes: deque[ErrorNote] = deque(maxlen=KEPT)

    def __call__(
        self, _logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        if method in LEVELS:
            said = str(without_people(None, method, {"event": event.get("event", "")})["event"])
            said = said[:LONGEST]
            last = self._notes[-1] if self._notes else None
            if last is None or last.event != said:  # one that comes again and again fills no list
                self._notes.append(ErrorNote(at=self._now(), event=said))
        return event

    def notes(self) -> list[ErrorNote]:
        """The newest last."""
        return list(self._notes)


def remember_errors(now: Callable[[], dt.datetime]) -> RecentErrors:
    """From now on, of this program."""
    errors = RecentErrors(now)
    others = [
        one for one in structlog.get_config()["processors"] if not isinstance(one, RecentErrors)
    ]
    structlog.configure(processors=[errors, *others])
    return errors
