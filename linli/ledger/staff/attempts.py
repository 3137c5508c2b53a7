"""Slows down guessing: after some failures a name or an address has to wait, each time longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from linli.ledger.database import upsert
from linli.ledger.staff.schema import attempt

FREE = 5
"""Failures that cost nothing: fingers slip."""
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(hours=24)


class TooManyAttemptsError(ValueError):
    """Somebody must wait before the next attempt; the text says how long."""


def require_patience(connection: Connection, names: Iterable[str], now: dt.datetime) -> None:
    """Raises TooManyAttemptsError while one of these has to wait."""
    query = select(attempt.c.held_until).where(attempt.c.name.in_([_short(n) for n in names]))
    held = [until for until in connection.execute(query).scalars() if until and until > now]
    if held:
        minutes = max(1, round((max(held) - now).total_seconds() / 60))
        raise TooManyAttemptsError(f"too many failed attempts: wait {minutes} minutes")


def failed(connection: Connection, names: Iterable[str], now: dt.datetime) -> None:
    """Count a failure of each."""
    for name in map(_short, names):
        row = connection.execute(
            select(attempt).where(attempt.c.name == name).with_for_update()
        ).first()
        recent = row is not None and now - row.last_at < FORGOTTEN_AFTER
        failures = (row.failures if row is not None and recent else 0) + 1
        upsert(
            connection,
            attempt,
            [
                {
                    "name": name,
                    "failures": failures,
                    "last_at": now,
                    "held_until": None if failures < FREE else now + wait_after(failures),
                }
            ],
        )


def succeeded(connection: Connection, name: str) -> None:
    """Whoever got in has nothing against them any more."""
    connection.execute(delete(attempt).where(attempt.c.name == _short(name)))


def wait_after(failures: int) -> dt.timedelta:
    """Doubles with each failure from the fifth on, up to a quarter of an hour."""
    doublings = min(failures - FREE, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _short(name: str) -> str:
    return name[:96]
