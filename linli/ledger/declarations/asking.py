"""What is asked of a deed before it is written down: whose it is, of which item, on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, select

from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.directory import MERGED, Holder, read_holders
from linli.ledger.people.schema import holder
from linli.ledger.standard.versions import Scored, Standards
from linli.sync.periods import business_day


def require_bearer(connection: Connection, account: str) -> Holder:
    """The holder, whose account is in use. Raises DeclarationError."""
    known = read_holders(connection, [account]).get(account)
    if known is None:
        raise DeclarationError(Refusal.UNKNOWN, f"there is no account {account!r}")
    if known.closed_as == MERGED:
        raise DeclarationError(
            Refusal.MERGED, f"account {account} was merged into {known.bearer}: use that one"
        )
    if known.closed_at is not None:
        raise DeclarationError(Refusal.CLOSED, f"account {account} is closed")
    return known


def check_day(
    connection: Connection, account: str, day: dt.date, back: dt.timedelta, now: dt.datetime
) -> None:
    """A deed is written down when it is done, while people remember it, and once its bearer takes
    part. A month that is frozen or sealed already is no obstacle: like a tap that comes late, the
    deed goes on the next notice. Raises DeclarationError."""
    today = business_day(now)
    if day > today:
        raise DeclarationError(Refusal.FUTURE, f"{day} is still to come: declare what was done")
    if day < today - back:
        raise DeclarationError(
            Refusal.TOO_OLD, f"{day} is too long ago: {today - back} is the earliest day"
        )
    since = _takes_part_since(connection, [account, *taken_over(connection, [account])])
    if since is not None and day < since:
        raise DeclarationError(
            Refusal.BEFORE_ENROLMENT, f"{day} is before {since}, when {account} was enrolled"
        )


def require_item(standards: Standards, item: str, day: dt.date) -> Scored:
    """What the item brings on that day. Raises DeclarationError."""
    scored = standards.score(item, day)
    if scored is None:
        raise DeclarationError(Refusal.NO_ITEM, f"the standard has no item {item!r} on {day}")
    return scored


def _takes_part_since(connection: Connection, family: Collection[str]) -> dt.date | None:
    """Since the first of somebody's accounts; None where nobody wrote that down."""
    query = select(holder.c.enrolled_at).where(holder.c.account.in_(family))
    days = [at and business_day(at) for at in connection.execute(query).scalars()]
    return None if None in days else min(days)
