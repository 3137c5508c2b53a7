"""Staff say what their boards show, and put a message over everything."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from linli.ledger.board.checks import BoardError, check_span, checked_plan, checked_text
from linli.ledger.board.schema import board_plan, urgent
from linli.ledger.database import upsert
from linli.ledger.feed.board import read_plan, tell_urgent
from linli.ledger.feed.writer import append
from linli.ledger.people.schema import org
from linli.sync.messages import BoardPlanRow, Stream, encode


def set_plan(
    connection: Connection, scope: str, plan: BoardPlanRow, by: str, now: dt.datetime
) -> bool:
    """What the community's boards show from now on; False where that is what they show already.
    Raises BoardError."""
    _require_community(connection, scope)
    if read_plan(connection, scope) == checked_plan(plan):
        return False
    row = {"scope": scope, "doc": encode(plan), "set_by": by, "set_at": now}
    upsert(connection, board_plan, [row])
    append(connection, scope, Stream.CHANGES, [plan], now)
    return True


def say_urgent(
    connection: Connection,
    scope: str,
    text: str,
    starts_at: dt.datetime,
    until: dt.datetime,
    by: str,
    now: dt.datetime,
) -> int:
    """Put a message over everything on the community's boards, from a moment until another;
    returns its number. Raises BoardError."""
    _require_community(connection, scope)
    text = checked_text(text)
    check_span(starts_at, until, now)
    said = {
        "scope": scope,
        "text": text,
        "starts_at": starts_at,
        "until": until,
        "said_by": by,
        "said_at": now,
    }
    number = connection.execute(insert(urgent).values(said).returning(urgent.c.number)).scalar_one()
    tell_urgent(connection, scope, number, now)
    return int(number)


def end_urgent(connection: Connection, scope: str, number: int, by: str, now: dt.datetime) -> bool:
    """Take a message off at once; False where it is over already. Raises BoardError for one that
    this community never said."""
    query = select(urgent).where(urgent.c.number == number, urgent.c.scope == scope)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise BoardError(f"{scope} has said no message {number}")
    if row.ended_at is not None or row.until <= now:
        return False
    ended = {"ended_by": by, "ended_at": now}
    connection.execute(update(urgent).where(urgent.c.number == number).values(ended))
    tell_urgent(connection, scope, number, now)
    return True


def _require_community(connection: Connection, scope: str) -> None:
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != "community":
        raise BoardError(f"{scope!r} is no community: boards hang in one")
