"""When a card was not to be taken. Pure."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Stop(NamedTuple):
    """From `since` on, up to `until`; None while it still holds."""

    since: dt.datetime
    until: dt.datetime | None

    def covers(self, at: dt.datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)
