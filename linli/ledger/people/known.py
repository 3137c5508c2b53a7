"""What the ledger knows already, asked before anything is added to it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Column, Connection, func, select

from linli.ledger.database import in_chunks
from linli.ledger.people.checks import PeopleError


def refuse_known(
    what: str, connection: Connection, column: Column[str], values: Collection[str]
) -> None:
    for chunk in in_chunks(values):
        found = connection.execute(select(func.min(column)).where(column.in_(chunk))).scalar()
        if found is not None:
            raise PeopleError(
                f"{what} {found} is in the ledger already: give another, or leave it out"
            )
