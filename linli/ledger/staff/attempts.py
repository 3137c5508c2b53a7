"""Slows down guessing: after some failures a name or an address has to wait, each time longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from linli.ledger.database import upsert
from linli.ledger.staff.schema import attempt

FREE, FREE_AT_AN_ADDRESS = 5, 20
"""Failures that cost nothing: fingers slip, and an office shares one address."""
ADDRESS = "address:"
"""What a name begins with that many people may share: all neighbours on one mobile network."""
LOSS = "loss:"
"""What tries to report a loss are counted under, with the blind index of the phone number."""
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
                    "held_until": _held_until(name, failures, now),
                }
            ],
        )


def succeeded(connection: Connection, name: str) -> None:
    """Whoever got in has nothing against them any more."""
    connection.execute(delete(attempt).where(attempt.c.name == _short(name)))


def of_loss(phone_index: bytes) -> str:
    """The name of tries for a phone number, without the number itself."""
    return f"{LOSS}{phone_index.hex()}"


def _held_until(name: str, failures: int, now: dt.datetime) -> dt.datetime | None:
    costly = failures - (FREE_AT_AN_ADDRESS if name.startswith(ADDRESS) else FREE)
    return None if costly < 0 else now + wait_after(costly)


def wait_after(costly: int) -> dt.timedelta:
    """Half a minute after the first failure that costs something (number 0), twice as long after
    each further one, up to a quarter of an hour."""
    return min(FIRST_WAIT * (1 << min(costly, 10)), LONGEST_WAIT)


def _short(name: str) -> str:
    return name[:96]
