"""Failed attempts to link a phone, counted by network address: nobody tries codes by the thousand.

Count in a transaction of its own: the one that failed is rolled back.
"""

from __future__ import annotations

import datetime as dt
import ipaddress

from sqlalchemy import Connection, delete, select

from linli.ledger.database import upsert
from linli.ledger.phones.refusals import PhoneError, PhoneRefusal
from linli.ledger.phones.schema import phone_failure

PERIOD = dt.timedelta(minutes=10)
MOST_FAILURES = 20
"""From one address in one period: a whole centre's phones may share one."""
LONGEST = 64


def require_attempts_left(connection: Connection, address: str, now: dt.datetime) -> None:
    """Raises PhoneError where there were too many failures from this address."""
    key = {"address": network_of(address), "since": _period(now)}
    query = select(phone_failure.c.failures).filter_by(**key)
    if (connection.execute(query).scalar() or 0) >= MOST_FAILURES:
        raise PhoneError(PhoneRefusal.TOO_MANY, f"{address} failed too often: wait ten minutes")


def count_failure(connection: Connection, address: str, now: dt.datetime) -> None:
    """One more failed attempt from this address; what was counted earlier is forgotten."""
    since = _period(now)
    connection.execute(delete(phone_failure).where(phone_failure.c.since < since))
    row = {"address": network_of(address), "since": since, "failures": 1}
    upsert(connection, phone_failure, [row], added=("failures",))


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network that one subscriber has. Pure."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST]
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(getattr(known, "ipv4_mapped", None) or known)


def _period(now: dt.datetime) -> dt.datetime:
    """The beginning of the period that `now` is in."""
    seconds = int(now.timestamp())
    return dt.datetime.fromtimestamp(seconds - seconds % int(PERIOD.total_seconds()), dt.UTC)
