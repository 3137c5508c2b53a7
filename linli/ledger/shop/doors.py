"""The doors of terminals' lockers: what staff put behind each, and whether it is still there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from linli.ledger.database import upsert
from linli.ledger.feed.doors import find_doors
from linli.ledger.feed.telling import Told
from linli.ledger.feed.writer import append_many
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import locker_door
from linli.ledger.shop.wares import GOOD, has_stock, read_ware
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import Stream

MOST_DOORS = 64
"""A lock board has at most so many."""


@dataclass(frozen=True, slots=True)
class Door:
    """`ware` is None where nothing is meant to be."""

    terminal: str
    door: int
    ware: str | None
    filled: bool
    filled_at: dt.datetime | None = None


def read_door(connection: Connection, name: str, door: int) -> Door | None:
    row = connection.execute(select(locker_door).where(_one(name, door))).first()
    return None if row is None else _as_door(row)


def doors_of(connection: Connection, scope: str) -> list[Door]:
    """All doors of a community's terminals, by terminal and number."""
    query = (
        select(locker_door)
        .join(terminal, terminal.c.name == locker_door.c.terminal)
        .where(terminal.c.scope == scope)
        .order_by(locker_door.c.terminal, locker_door.c.door)
    )
    return [_as_door(row) for row in connection.execute(query)]


def set_door(
    connection: Connection, name: str, door: int, ware: str | None, now: dt.datetime
) -> None:
    """Staff say what is behind a door; it is empty until they fill it. The same ware again changes
    nothing. Raises ShopError for what is no door, or no goods of the terminal's centre."""
    at = _terminal(connection, name)
    if not 1 <= door <= MOST_DOORS:
        raise ShopError(Refusal.NOT_POSSIBLE, f"door {door}: give 1 to {MOST_DOORS}")
    if ware is not None:
        known = read_ware(connection, ware)
        if known is None or known.kind != GOOD or not has_stock(connection, ware, at.centre):
            raise ShopError(Refusal.NOT_POSSIBLE, f"{ware} is not on the shelf of {at.centre}")
    before = _lock(connection, name, door)
    if before is not None and before.ware == ware:
        return
    row = {"terminal": name, "door": door, "ware": ware, "filled": False, "filled_at": None}
    upsert(connection, locker_door, [row])
    tell_doors(connection, [(name, door)], now)


def fill_door(connection: Connection, name: str, door: int, now: dt.datetime) -> None:
    """Staff put the goods behind it, or saw that they are there. Raises ShopError for a door with
    nothing meant to be behind it."""
    known = _lock(connection, name, door)
    if known is None or known.ware is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"nothing is meant to be behind door {door}")
    _set(connection, name, door, filled=True, filled_at=now)
    if not known.filled:
        tell_doors(connection, [(name, door)], now)


def empty_door(connection: Connection, name: str, door: int, at: dt.datetime) -> bool:
    """What was behind it at that moment is out, or must not be sold; False where the ledger knows
    of nothing, or staff filled it since. The caller tells it (`tell_doors`), last of all."""
    known = _lock(connection, name, door)
    if known is None or not known.filled:
        return False
    if known.filled_at is not None and at < known.filled_at:
        return False
    _set(connection, name, door, filled=False)
    return True


def tell_doors(connection: Connection, doors: Iterable[tuple[str, int]], now: dt.datetime) -> None:
    told: Told = defaultdict(list)
    for name, door in doors:
        for scope, row in find_doors(connection, _one(name, door)):
            told[scope, Stream.HOLDERS].append(row)
    append_many(connection, told, now)


def terminals_of(connection: Connection, scope: str) -> list[str]:
    """Those that may have a locker."""
    mine = (terminal.c.scope == scope) & (terminal.c.kind == TERMINAL)
    query = select(terminal.c.name).where(mine).order_by(terminal.c.name)
    return list(connection.execute(query).scalars())


def _terminal(connection: Connection, name: str) -> Row[Any]:
    query = select(terminal).where(terminal.c.name == name, terminal.c.kind == TERMINAL)
    row = connection.execute(query).first()
    if row is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no terminal {name}")
    return row


def _lock(connection: Connection, name: str, door: int) -> Door | None:
    query = select(locker_door).where(_one(name, door)).with_for_update(key_share=True)
    row = connection.execute(query).first()
    return None if row is None else _as_door(row)


def _set(connection: Connection, name: str, door: int, **values: object) -> None:
    connection.execute(update(locker_door).where(_one(name, door)).values(values))


def _one(name: str, door: int) -> ColumnElement[bool]:
    return (locker_door.c.terminal == name) & (locker_door.c.door == door)


def _as_door(row: Row[Any]) -> Door:
    return Door(row.terminal, row.door, row.ware, row.filled, row.filled_at)
