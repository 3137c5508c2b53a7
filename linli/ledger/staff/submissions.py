"""A form that is sent twice (a double click, a page loaded again) is done once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from linli.ledger.database import insert_missing
from linli.ledger.staff.schema import submission


def first_time(connection: Connection, token: str, by: str, now: dt.datetime) -> bool:
    """Whether this form was not taken before; from now on it is, if the transaction is. A second
    one at the same moment waits for the first."""
    row = {"token": token[:64], "by": by[:64], "at": now}
    return insert_missing(connection, submission, [row]) == 1
