"""Whether somebody's masked name may stand in public: theirs to say, and to take back; never a
child's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from linli.ledger.feed.known_rows import rows_of_holders
from linli.ledger.feed.naming import naming_rows, scopes_naming
from linli.ledger.feed.writer import append_many
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import ERASED, read_holders
from linli.ledger.people.holding import hold
from linli.ledger.people.schema import holder
from linli.sync.messages import Kind, Stream


def set_consent(
    connection: Connection,
    account: str,
    now: dt.datetime,
    *,
    agreed: bool,
    said_at: dt.datetime | None = None,
) -> bool:
    """From now on, under all their numbers; False where that changes nothing. What somebody said
    earlier, at `said_at`, and is heard only now, changes nothing where they said something else
    since; of two words of one moment the one that hides the name counts. Boards are told: rankings
    show an alias instead, stories about them go. Raises PeopleError for an unknown or erased
    account."""
    end = bearers(connection, [account])[account]
    family = [end, *sorted(taken_over(connection, [end]))]
    known = hold(connection, family, scopes_naming(connection, family, now))
    if known[end].closed_as == ERASED:
        raise PeopleError(f"account {end} was erased: there is no name to show")
    theirs = holder.c.account.in_(family)
    rows = connection.execute(select(holder).where(theirs)).all()
    if said_at is not None and any(_outweighs(row, said_at, agreed=agreed) for row in rows):
        return False
    said = {"public_consent": agreed, "consent_said_at": said_at or now}
    connection.execute(update(holder).where(theirs).values(said))
    if all(row.public_consent == agreed for row in rows):
        return False
    _tell(connection, family, now)
    return True


def _outweighs(kept: Row[Any], said: dt.datetime, *, agreed: bool) -> bool:
    """Whether what is kept was said later."""
    before = kept.consent_said_at
    if before is None or before < said:
        return False
    return bool(before > said or (agreed and not kept.public_consent))


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
        _tell(connection, family, now)
    return bool(changed)


def _tell(connection: Connection, family: Sequence[str], now: dt.datetime) -> None:
    told = naming_rows(connection, family, now)
    holders = read_holders(connection, family)
    for one in family:
        told[holders[one].scope, Stream.HOLDERS] += rows_of_holders(connection, [holders[one]])
    append_many(connection, told, now)
