"""A deed as it is kept, and the one transfer that pays for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.database import in_chunks, upsert
from linli.ledger.journal.accounts import Move, earned
from linli.ledger.journal.schema import deed, transfer

PENDING, POSTED, VOIDED = "pending", "posted", "voided"
WITHDRAWN = "withdrawn"
"""A flag of a voided deed: the events no longer amount to it. No review decided that."""
CORRECTED = "corrected"
"""A flag of a voided deed: it had been posted, and was taken back by other transfers."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One row of the deed table. `transfer` is the one that pays for it now, `debit` the issuing
    account it comes from."""

    id: str
    account: str
    activity: str | None
    item: str
    done_at: dt.datetime
    day: str
    points: int
    standard_version: str
    state: str
    surplus: bool
    flags: tuple[str, ...]
    transfer: str
    debit: str

    @property
    def counts(self) -> bool:
        """Whether it adds to balances and ranks."""
        return self.state != VOIDED and not self.surplus

    @property
    def decided(self) -> bool:
        """Whether a review has had its say."""
        return self.state != PENDING and WITHDRAWN not in self.flags

    def move(self) -> Move:
        """What the deed adds to its two accounts as it stands."""
        posted = self.points if self.state == POSTED else 0
        pending = self.points if self.state == PENDING and not self.surplus else 0
        return Move(self.debit, earned(self.account), posted, pending)


def find_deeds(connection: Connection, where: ColumnElement[bool]) -> Iterator[Deed]:
    """Deeds by a condition on the deed table."""
    query = (
        select(deed, transfer.c.debit).join(transfer, transfer.c.id == deed.c.transfer).where(where)
    )
    for row in connection.execute(query):
        values: dict[str, Any] = row._asdict()
        yield Deed(**{**values, "flags": tuple(values["flags"].split())})


def read_deeds(connection: Connection, ids: Iterable[str]) -> dict[str, Deed]:
    """Those of `ids` that exist."""
    return {
        found.id: found
        for chunk in in_chunks(ids)
        for found in find_deeds(connection, deed.c.id.in_(chunk))
    }


def keep_deeds(connection: Connection, deeds: Collection[Deed]) -> None:
    """Write the rows as they are given, over those that exist."""
    names = [column.name for column in deed.columns]
    rows = [
        {**{name: getattr(kept, name) for name in names}, "flags": " ".join(kept.flags)}
        for kept in deeds
    ]
    upsert(connection, deed, rows)
