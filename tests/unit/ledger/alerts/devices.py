"""Devices as rules see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from linli.ledger.alerts.observed import Observed
from linli.sync.health_messages import Health, MachineHealth
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 28, 8, 45, tzinfo=SHANGHAI)
WELL = MachineHealth(
    celsius=50.0, disk_free_mb=9000, disk_total_mb=16000, clock_good=True, clock_offset_ms=3.0
)


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def health(terminal: str = "t1", **changed: Any) -> Health:
    machine = {name: getattr(WELL, name) for name in WELL.__struct_fields__}
    for name in list(changed):
        if name in machine:
            machine[name] = changed.pop(name)
    said: dict[str, Any] = {
        "terminal": terminal,
        "at": NOW,
        "bootid": "one",
        "began_at": NOW,
        "version": "1.0",
        "machine": MachineHealth(**machine),
    }
    return Health(**{**said, **changed})


def there(name: str = "t1", centre: str = "c1", **changed: Any) -> Observed:
    """One that works, but for what of its word is changed."""
    known: dict[str, Any] = {"health": health(**changed), "fresh": True}
    return Observed(name, "terminal", "village", centre, **known)


def away(name: str, centre: str, since: dt.datetime) -> Observed:
    return Observed(
        name, "terminal", "village", centre, away_since=since, health=health(), fresh=False
    )
