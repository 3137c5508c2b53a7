"""The way of one tap, found by the name that it was given at the card (`sync/tracing.py`).

There is no index for it: whoever asks has a tap of the last days in hand, and each event that comes
in would pay. The newest events of each terminal are looked through, in the order of its numbers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from linli.ledger.feed.schema import change
from linli.ledger.ingest.schema import parked, received
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import Envelope
from linli.sync.tracing import trace_of

NEWEST = 50_000
"""Events of each terminal that are looked through."""


@dataclass(frozen=True, slots=True)
class FeedNumber:
    """A change that told of it, and whether the broker has taken that."""

    scope: str
    stream: str
    number: int
    published: bool


@dataclass(frozen=True, slots=True)
class Way:
    """From the card to everybody's replica. `tapped_at` is the terminal's word, `clock_good`
    whether its clock was known to be right; all else is the ledger's. `reason` is why it is not
    applied, `confirmed` whether the terminal's watermark covers it."""

    trace: str
    terminal: str
    seq: int
    type: str
    tapped_at: dt.datetime | None
    clock_good: bool
    received_at: dt.datetime
    batch: int
    applied: bool
    reason: str | None
    parked: str | None
    confirmed: bool
    told: tuple[FeedNumber, ...]


def follow(
    connection: Connection, trace: str, name: str | None = None, newest: int = NEWEST
) -> list[Way]:
    """Every event of the tap; `name` is the terminal, where that is known."""
    query = select(terminal).order_by(terminal.c.name)
    if name is not None:
        query = query.where(terminal.c.name == name)
    found: list[Way] = []
    for device in connection.execute(query).all():
        if device.watermark or name is not None:
            found += _of_terminal(connection, trace, device, newest)
    return found


def _of_terminal(connection: Connection, trace: str, device: Row[Any], newest: int) -> list[Way]:
    needle = trace.encode()
    query = (
        select(received.c.seq, received.c.body)
        .where(received.c.terminal == device.name)
        .order_by(received.c.seq.desc())
        .limit(newest)
        .execution_options(yield_per=1000)
    )
    numbers = [
        seq for seq, body in connection.execute(query) if needle in body and _trace(body) == trace
    ]
    return [_way(connection, trace, device, seq) for seq in sorted(numbers)]


def _trace(body: bytes) -> str:
    try:
        given = msgspec.json.decode(body, type=Envelope).traceparent
    except msgspec.DecodeError:
        return ""
    return trace_of(given) if isinstance(given, str) else ""


def _way(connection: Connection, trace: str, device: Row[Any], seq: int) -> Way:
    mine = (received.c.terminal == device.name) & (received.c.seq == seq)
    row = connection.execute(select(received).where(mine)).one()
    aside = select(parked.c.detail).where(parked.c.terminal == device.name, parked.c.seq == seq)
    told = (
        select(change.c.scope, change.c.stream, change.c.number, change.c.published)
        .where(change.c.at == row.received_at, change.c.scope == device.scope)
        .order_by(change.c.stream, change.c.number)
    )
    return Way(
        trace=trace,
        terminal=device.name,
        seq=seq,
        type=row.type,
        tapped_at=row.claimed_at,
        clock_good=row.clockgood,
        received_at=row.received_at,
        batch=row.batch,
        applied=row.applied,
        reason=row.reason,
        parked=connection.execute(aside).scalar(),
        confirmed=device.watermark >= seq,
        told=tuple(FeedNumber(*found) for found in connection.execute(told)),
    )
