"""A terminal or board is taken out of service for good.

Its certificates are revoked and the broker hears of it within seconds. Points that it holds go
back; what it spent and had not told yet is recorded as a conflict when it is heard after all, so
that a card that can still be read is rescued first. Its name is never given to another.

One that is `lost` may be in anybody's hands: from then on nothing is taken that its key signed. Of
one that is only broken, the rest may still be rescued from its card.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from linli.ledger.shop.leases import retire_terminal
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.certifying import revoke_all
from linli.ledger.terminals.registry import TERMINAL, find
from linli.ledger.terminals.schema import terminal


class RetireError(ValueError):
    """A terminal cannot be retired; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Retirement:
    """Of whom, and what came back: points by lease; and how many certificates were revoked."""

    name: str
    leases: dict[str, int]
    certificates: int


def retire(
    connection: Connection, name: str, by: str, reason: str, now: dt.datetime, *, lost: bool
) -> Retirement:
    """Raises RetireError, ShopError."""
    found = find(connection, name)
    if found is None:
        raise RetireError(f"there is no terminal {name}")
    if not 0 < len(reason) <= 200:
        raise RetireError("say in 1 to 200 characters why it is retired")
    before = select(retired_terminal.c.at).where(retired_terminal.c.terminal == name)
    if connection.execute(before).first() is not None:
        raise RetireError(f"{name} is retired already")
    leases: dict[str, int] = {}
    if found.kind == TERMINAL:
        leases = retire_terminal(connection, name, by, reason, now)
    else:
        row = {"terminal": name, "by": by, "reason": reason, "at": now}
        connection.execute(insert(retired_terminal).values(row))
    if lost:
        distrust = update(terminal).where(terminal.c.name == name).values(distrusted_at=now)
        connection.execute(distrust)
    return Retirement(name, leases, revoke_all(connection, name, now))
