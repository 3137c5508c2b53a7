"""Checks that what terminals said of leases and doors was done; what waits is not done yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
from sqlalchemy import Connection, Row, select

from linli.ledger.audit.difference import Difference
from linli.ledger.ingest.schema import received, waiting_word
from linli.ledger.shop.schema import door_trouble, handed_out, lease, lease_spend
from linli.ledger.shop.spending import digest_of
from linli.ledger.standard.versions import Standards
from linli.sync.messages import (
    TYPE_OF_EVENT,
    Delivered,
    DoorEvent,
    Envelope,
    LeaseEvent,
    LeaseReturn,
    LeaseSpend,
    NotDelivered,
)

DOORS = frozenset(TYPE_OF_EVENT[kind] for kind in get_args(DoorEvent))
Key = tuple[str, int]
"""A terminal and the number of its event."""


def words_are_settled(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each spend and return that is taken stands beside its lease as the terminal said it, each
    word of a door led to something, or it waits; what waits is an event that is there."""
    waiting = {(row.terminal, row.seq) for row in connection.execute(select(waiting_word))}
    spends = {(r.terminal, r.seq): r for r in connection.execute(select(lease_spend))}
    leases = {row.id: row for row in connection.execute(select(lease))}
    troubles = {(r.terminal, r.seq) for r in connection.execute(select(door_trouble))}
    handed = set(connection.execute(select(handed_out.c.transfer)).scalars())
    found = set(waiting)
    for row in _events(connection):
        key = (row.terminal, row.seq)
        found.discard(key)
        if key in waiting:
            continue
        data = msgspec.json.decode(row.body, type=Envelope).data
        if row.type == TYPE_OF_EVENT[LeaseSpend]:
            yield from _spend(key, msgspec.json.decode(data, type=LeaseSpend), spends.get(key))
        elif row.type == TYPE_OF_EVENT[LeaseReturn]:
            event = msgspec.json.decode(data, type=LeaseReturn)
            yield from _return(key, event, leases.get(event.lease))
        elif row.type in DOORS and key not in troubles:
            order = msgspec.json.decode(data, type=Delivered).order
            if row.type == TYPE_OF_EVENT[NotDelivered] or order not in handed:
                yield Difference(f"door {key[0]}/{key[1]}", "nothing came of it", row.type)
    for name, seq in sorted(found):
        yield Difference(f"word {name}/{seq}", "waits", "no such event")


def _events(connection: Connection) -> Iterator[Row[Any]]:
    """Those of leases and doors, and whatever waits."""
    names = [TYPE_OF_EVENT[kind] for kind in get_args(LeaseEvent)]
    query = (
        select(received)
        .outerjoin(
            waiting_word,
            (waiting_word.c.terminal == received.c.terminal)
            & (waiting_word.c.seq == received.c.seq),
        )
        .where(
            received.c.applied.is_(True),
            received.c.type.in_([*names, *DOORS]) | waiting_word.c.seq.is_not(None),
        )
    )
    yield from connection.execute(query.order_by(received.c.terminal, received.c.seq))


def _spend(key: Key, event: LeaseSpend, kept: Row[Any] | None) -> Iterator[Difference]:
    where = f"spend {key[0]}/{key[1]}"
    if kept is None:
        yield Difference(where, "no such row", f"{event.points} points of {event.lease}")
        return
    ware = event.ware or None
    said = digest_of(event.lease, event.points, event.what.strip(), ware, event.pieces)
    if kept.digest != said:
        yield Difference(f"{where}, digest", kept.digest, said)


def _return(key: Key, event: LeaseReturn, kept: Row[Any] | None) -> Iterator[Difference]:
    """One that staff had ended before took nothing of the terminal's word."""
    where = f"return {key[0]}/{key[1]}"
    if kept is None or kept.closed_at is None:
        yield Difference(where, f"lease {event.lease} is open", f"{event.points} points given back")
    elif kept.closed_seq is not None and (kept.closed_seq, kept.told) != (key[1], event.points):
        yield Difference(where, (kept.closed_seq, kept.told), (key[1], event.points))
