"""Tells terminals what is behind the doors of their lockers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.shop.schema import locker_door
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import DoorRow

Found = tuple[str, DoorRow]
"""The community whose terminals are told, and what."""


def find_doors(connection: Connection, where: ColumnElement[bool]) -> Iterator[Found]:
    """The condition may name columns of the door's terminal too."""
    query = (
        select(locker_door, terminal.c.scope)
        .join(terminal, terminal.c.name == locker_door.c.terminal)
        .where(where)
        .order_by(locker_door.c.terminal, locker_door.c.door)
    )
    for row in connection.execute(query):
        yield (
            row.scope,
            DoorRow(terminal=row.terminal, door=row.door, ware=row.ware or "", full=row.filled),
        )
