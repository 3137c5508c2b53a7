"""A deed as it is kept, and the one transfer that pays for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import ColumnElement, Connection, Select, select

from linli.ledger.database import Lines, among, insert_or_upsert
from linli.ledger.journal.accounts import Move, earned
from linli.ledger.journal.schema import deed, transfer
from linli.ledger.prepared import Prepared

PENDING, POSTED, VOIDED = "pending", "posted", "voided"
WITHDRAWN = "withdrawn"
"""A flag of a voided deed: the events no longer amount to it. No review decided that."""
CORRECTED = "corrected"
"""A flag of a voided deed: it had been posted, and was taken back by other transfers."""


class Deed(Struct, frozen=True, gc=False):
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


NAMES = Deed.__struct_fields__[:-1]
"""The columns of the deed table."""
FLAGS = NAMES.index("flags")


def deeds_with_debit() -> Select[Any]:
    """Rows for `deed_of_row`."""
    columns = [deed.c[name] for name in NAMES]
    return select(*columns, transfer.c.debit).join(transfer, transfer.c.id == deed.c.transfer)


_BY_ID = Prepared(deeds_with_debit().where(among(deed.c.id, "ids")))


def deed_of_row(row: Sequence[Any]) -> Deed:
    values = list(row)
    values[FLAGS] = tuple(row[FLAGS].split())
    return Deed(*values)


def find_deeds(connection: Connection, where: ColumnElement[bool]) -> Iterator[Deed]:
    """Deeds by a condition on the deed table."""
    return map(deed_of_row, connection.execute(deeds_with_debit().where(where)))


def read_deeds(connection: Connection, ids: Iterable[str]) -> dict[str, Deed]:
    """Those of `ids` that exist, however many."""
    return {row[0]: deed_of_row(row) for row in _BY_ID.all(connection, ids=ids)}


def keep_deeds(connection: Connection, deeds: Collection[Deed], known: Collection[str]) -> None:
    """Write the rows as they are given, over those with ids that are `known`."""
    rows = []
    for kept in deeds:
        *row, _debit = astuple(kept)
        row[FLAGS] = " ".join(kept.flags)
        rows.append(tuple(row))
    insert_or_upsert(connection, deed, Lines(NAMES, rows), {(id_,) for id_ in known})
