"""Whether somebody's masked name may stand in public: theirs to say, and to take back; never a
child's."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, update

from linli.ledger.feed.naming import naming_rows, scopes_naming
from linli.ledger.feed.writer import append_many
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import ERASED
from linli.ledger.people.holding import hold
from linli.ledger.people.schema import holder
from linli.sync.messages import Kind


def set_consent(connection: Connection, account: str, now: dt.datetime, *, agreed: bool) -> bool:
    """From now on, under all their numbers; False where that is so already. Boards are told:
    rankings show an alias instead, stories about them go. Raises PeopleError for an unknown or
    erased account."""
    end = bearers(connection, [account])[account]
    family = [end, *sorted(taken_over(connection, [end]))]
    known = hold(connection, family, scopes_naming(connection, family, now))
    if known[end].closed_as == ERASED:
        raise PeopleError(f"account {end} was erased: there is no name to show")
    changed = connection.execute(
        update(holder)
        .where(holder.c.account.in_(family), holder.c.public_consent.is_not(agreed))
        .values(public_consent=agreed)
    ).rowcount
    if changed:
        append_many(connection, naming_rows(connection, family, now), now)
    return bool(changed)


def set_child(connection: Connection, account: str, now: dt.datetime, *, under14: bool) -> bool:
    """Their birthday was corrected, or came; boards are told as of consent. False where it is known
    so already. Raises PeopleError for an unknown or erased account, and a child that is none of the
    residents."""
    end = bearers(connection, [account])[account]
    family = [end, *sorted(taken_over(connection, [end]))]
    known = hold(connection, family, scopes_naming(connection, family, now))
    if known[end].closed_as == ERASED:
        raise PeopleError(f"account {end} was erased: there is no name to show")
    if under14 and known[end].kind is not Kind.RESIDENT:
        raise PeopleError(
            f"account {end} is a {known[end].kind.value} under 14: only a resident can be"
        )
    changed = connection.execute(
        update(holder)
        .where(holder.c.account.in_(family), holder.c.under14.is_not(under14))
        .values(under14=under14)
    ).rowcount
    if changed:
        append_many(connection, naming_rows(connection, family, now), now)
    return bool(changed)
