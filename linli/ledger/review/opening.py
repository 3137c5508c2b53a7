"""A member opens a deed: whoever waits for it may know that somebody looked, not who."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from linli.ledger.database import insert_missing
from linli.ledger.people.directory import read_holders
from linli.ledger.review.panel import members, seat_of
from linli.ledger.review.queue import Case, read_cases
from linli.ledger.review.schema import case_opened
from linli.ledger.review.weekly import ReviewError, StaleError


def open_case(
    connection: Connection, scope: str, member: str, deed_id: str, now: dt.datetime
) -> Case:
    """The case, for a member to read; the first of them in each round is remembered by their seat.
    Raises ReviewError for somebody who is not on the panel and for another community's deed,
    StaleError for a deed that is not before it."""
    seat = members(connection, scope, now).get(member)
    if seat is None:
        raise ReviewError(f"{member} is not on the panel of {scope}")
    case = read_cases(connection, [deed_id]).get(deed_id)
    if case is None:
        raise StaleError(f"deed {deed_id} is not before the panel: it was decided or returned")
    account = case.deed.account
    if read_holders(connection, [account])[account].scope != scope:
        raise ReviewError(f"deed {deed_id} is another community's: its panel decides")
    row = {"deed": deed_id, "round": case.round, "role": seat_of(seat), "at": now}
    insert_missing(connection, case_opened, [row])
    return case
