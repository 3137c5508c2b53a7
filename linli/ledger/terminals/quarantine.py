"""Terminals that are set apart: they sent far more than any honest one, or what nobody understands
piled up. Until a maintainer lets one out, nothing that it says enters the books, and the broker
takes nothing from it. It is not answered either, so that an honest one keeps all that it has not
handed over and sends it afterwards.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from linli.ledger.people.access_log import Staff, note
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.certifying import OutOfServiceError
from linli.ledger.terminals.schema import terminal

BY = Staff("ledger", "program")
"""How the audit log names who set it apart."""


class Cause(StrEnum):
    """Why one is set apart."""

    FLOOD = "flood"
    PILE = "pile"


class QuarantineError(ValueError):
    """A terminal cannot be let out; the text says why."""


def set_apart(connection: Connection, name: str, cause: Cause, now: dt.datetime) -> bool:
    """Whether it was not yet, and is from now on; False too where nobody has that name."""
    free = (terminal.c.name == name) & terminal.c.quarantined_at.is_(None)
    put = update(terminal).where(free).values(quarantined_at=now, quarantined_for=cause.value)
    if not connection.execute(put).rowcount:
        return False
    note(connection, BY, f"quarantine {name}", None, cause.value, now)
    return True


def let_out(connection: Connection, name: str, by: Staff, why: str, now: dt.datetime) -> None:
    """By a maintainer who has looked into it. Raises QuarantineError, PeopleError."""
    held = (terminal.c.name == name) & terminal.c.quarantined_at.is_not(None)
    out = update(terminal).where(held).values(quarantined_at=None, quarantined_for=None)
    if not connection.execute(out).rowcount:
        raise QuarantineError(f"{name} is not in quarantine")
    note(connection, by, f"let {name} out of quarantine", None, why, now)


def everybody(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """All names that are registered, and of them those that are set apart."""
    rows = connection.execute(select(terminal.c.name, terminal.c.quarantined_at)).all()
    apart = frozenset(row.name for row in rows if row.quarantined_at is not None)
    return frozenset(row.name for row in rows), apart


def count_apart(connection: Connection, scope: str) -> int:
    """Of a community's terminals and boards in service."""
    query = (
        select(func.count())
        .select_from(terminal)
        .where(
            terminal.c.scope == scope,
            terminal.c.quarantined_at.is_not(None),
            terminal.c.name.not_in(select(retired_terminal.c.terminal)),
        )
    )
    return int(connection.execute(query).scalar_one())


def require_free(connection: Connection, name: str) -> None:
    """Raises OutOfServiceError for one that is set apart."""
    since = select(terminal.c.quarantined_at).where(terminal.c.name == name)
    if connection.execute(since).scalar() is not None:
        raise OutOfServiceError(f"{name} is in quarantine: a maintainer has to let it out")
