"""Checks that rows speak of rows that exist, in words that exist: the others build on it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Select, select

from linli.ledger.audit.difference import Difference
from linli.ledger.ingest.schema import received
from linli.ledger.people.schema import holder
from linli.ledger.schema import metadata
from linli.ledger.standard.schema import standard
from linli.sync.messages import EVENT_TYPES, Envelope, Kind, StandardDoc


def references(connection: Connection) -> Iterator[Difference]:
    """No row points at one that is not there: a database tool can take the guards away."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            yield from _orphans(connection, key)
    for column in (received.c.account, received.c.activity):
        yield from _unknown(connection, column)


def _orphans(connection: Connection, key: ForeignKey) -> Iterator[Difference]:
    child = key.parent
    for row in connection.execute(_pointing_nowhere(key)):
        where = f"{child.table.name} {'/'.join(map(str, row[:-1]))}, {child.name}"
        yield Difference(where, row.points_at, f"the id of a row of {key.column.table.name}")


@cache
def _pointing_nowhere(key: ForeignKey) -> Select[Any]:
    """To write these down took longer than a small ledger takes to answer them."""
    child, parent = key.parent, key.column.table.alias("parent")
    return (
        select(*child.table.primary_key.columns, child.label("points_at"))
        .outerjoin(parent, parent.c[key.column.name] == child)
        .where(child.is_not(None), parent.c[key.column.name].is_(None))
        .limit(1)
    )


def _unknown(connection: Connection, column: Column[str]) -> Iterator[Difference]:
    """An applied event's account and activity exist; that of a parked one need not."""
    parent = metadata.tables["holder" if column.name == "account" else "activity"]
    key = next(iter(parent.primary_key.columns))
    query = (
        select(received.c.terminal, received.c.seq, column.label("points_at"))
        .outerjoin(parent, key == column)
        .where(received.c.applied.is_(True), column.is_not(None), key.is_(None))
        .limit(1)
    )
    for row in connection.execute(query):
        where = f"event {row.terminal}/{row.seq}, {column.name}"
        yield Difference(where, row.points_at, f"one that is in {parent.name}")


def vocabulary(connection: Connection) -> Iterator[Difference]:
    """Kinds of holders and versions of the standard can be read."""
    for row in connection.execute(select(holder.c.account, holder.c.kind)):
        if row.kind not in set(Kind):
            yield Difference(f"holder {row.account}, kind", row.kind, _any_of(Kind))
    for row in connection.execute(select(standard)):
        try:
            doc = msgspec.json.decode(row.doc, type=StandardDoc)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Difference(f"standard {row.version}, doc", str(error), "a points standard")
            continue
        kept = (row.version, row.effective_from)
        derived = (doc.version, doc.effective_from.isoformat())
        if kept != derived:
            yield Difference(f"standard {row.version}, version and first day", kept, derived)


def events_as_told(connection: Connection) -> Iterator[Difference]:
    """What is kept beside an applied event's bytes is what the bytes say."""
    query = select(received).where(received.c.applied.is_(True))
    for row in connection.execute(query.order_by(received.c.terminal, received.c.seq)):
        envelope = msgspec.json.decode(row.body, type=Envelope)
        kept = (row.type, row.boot, row.claimed_at, row.clockgood, row.monotonicms, row.account)
        struct = EVENT_TYPES.get(envelope.type)
        event = None if struct is None else msgspec.json.decode(envelope.data, type=struct)
        told = (
            envelope.type,
            envelope.bootid,
            envelope.time,
            envelope.clockgood,
            envelope.monotonicms,
            getattr(event, "account", None) or None,
        )
        if kept != told or row.activity != getattr(event, "activity", None):
            where = f"event {row.terminal}/{row.seq}, what is kept beside it"
            yield Difference(
                where, (*kept, row.activity), (*told, getattr(event, "activity", None))
            )


def _any_of(words: type[Enum]) -> str:
    return " or ".join(str(word.value) for word in words)
