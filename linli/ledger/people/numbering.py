"""Gives out account numbers, one after another: a000123 for people, u000012 for units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from linli.ledger.people.checks import STREET
from linli.ledger.people.schema import holder, org
from linli.sync.messages import Kind

NUMBER = re.compile(r"[a-z][0-9]{6}")
READ_AT_ONCE = 100


def hold_numbers(connection: Connection) -> None:
    """Nobody else gives out numbers until this transaction ends: the tree's roots, which nothing
    else waits for, stand for the counter. Before any other lock, so that nobody waits in a ring."""
    roots = select(org.c.id).where(org.c.level == STREET).order_by(org.c.id)
    connection.execute(roots.with_for_update()).all()


def next_numbers(connection: Connection, kinds: Sequence[Kind]) -> list[str]:
    """One for each, in their order. The caller holds the numbers."""
    letters = ["u" if kind is Kind.UNIT else "a" for kind in kinds]
    last = Counter({letter: _last(connection, letter) for letter in set(letters)})
    found = []
    for letter in letters:
        last[letter] += 1
        found.append(f"{letter}{last[letter]:06d}")
    return found


def _last(connection: Connection, letter: str) -> int:
    """Read from the end: numbers of other forms, given by hand, are passed over."""
    query = (
        select(holder.c.account)
        .where(
            holder.c.account.between(f"{letter}000000", f"{letter}999999"),
            func.length(holder.c.account) == len(letter) + 6,
        )
        .order_by(holder.c.account.desc())
    )
    rows = connection.execute(query, execution_options={"yield_per": READ_AT_ONCE})
    with rows:
        return next((int(a[1:]) for a in rows.scalars() if NUMBER.fullmatch(a)), 0)
