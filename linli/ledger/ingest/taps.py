"""The taps of people at activities, from the events that are kept and those just arriving."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from linli.ledger.database import among
from linli.ledger.feed.telling import Pair
from linli.ledger.ingest.attendance import Tap
from linli.ledger.ingest.dating import Reading, date
from linli.ledger.ingest.events import TAPS, Arrived
from linli.ledger.ingest.schema import received
from linli.ledger.prepared import Prepared
from linli.sync.messages import EVENT_TYPES, CheckIn, Envelope, SignOut
from linli.sync.periods import SHANGHAI

_KEPT = Prepared(
    select(
        received.c.account,
        received.c.activity,
        received.c.terminal,
        received.c.boot,
        received.c.claimed_at,
        received.c.monotonicms,
        received.c.clockgood,
        received.c.received_at,
        received.c.type,
        received.c.body,
    ).where(
        among(received.c.account, "accounts"),
        among(received.c.activity, "activities"),
        received.c.applied.is_(True),
    )
)


class Seen(Struct, frozen=True, gc=False):
    """One applied check-in or sign-out, as its terminal's clocks told it."""

    account: str
    activity: str
    terminal: str
    boot: str
    reading: Reading
    received_at: dt.datetime
    event: CheckIn | SignOut


def kept_taps(connection: Connection, pairs: Collection[Pair]) -> list[Seen]:
    """Those of these pairs of account and activity that are kept."""
    wanted = set(pairs)
    rows = _KEPT.all(
        connection,
        accounts={account for account, _ in wanted},
        activities={activity for _, activity in wanted},
    )
    found = (_seen(row) for row in rows if (row[0], row[1]) in wanted)
    return [seen for seen in found if seen is not None]


def _seen(row: Any) -> Seen | None:
    account, activity, terminal, boot, claimed_at, monotonicms, good, received_at, kind, body = row
    envelope = msgspec.json.decode(body, type=Envelope)
    event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[kind])
    if not isinstance(event, TAPS):
        return None
    reading = Reading(claimed_at, monotonicms, good)
    return Seen(account, activity, terminal, boot, reading, received_at, event)


def arriving_taps(arrived: Iterable[Arrived], now: dt.datetime) -> list[Seen]:
    """Those of events that are taken just now."""
    return [
        Seen(
            event.account,
            event.activity,
            event.terminal,
            event.envelope.bootid,
            Reading(
                event.envelope.time.astimezone(SHANGHAI),
                event.envelope.monotonicms,
                event.envelope.clockgood,
            ),
            now,
            event.event,
        )
        for event in arrived
        if event.reason is None
        and event.activity is not None
        and event.envelope is not None
        and isinstance(event.event, TAPS)
    ]


def dated_taps(connection: Connection, seen: Iterable[Seen]) -> dict[Pair, list[Tap]]:
    """By pair; a wrong clock is put right by the first good reading of its boot that is kept."""
    first_good: dict[tuple[str, str], Reading | None] = {}
    taps: dict[Pair, list[Tap]] = defaultdict(list)
    for one in seen:
        boot = (one.terminal, one.boot)
        if not one.reading.clockgood and boot not in first_good:
            first_good[boot] = _first_good(connection, *boot)
        dated = date(one.reading, first_good.get(boot))
        event = one.event
        taps[one.account, one.activity].append(
            Tap(
                one.account,
                one.activity,
                isinstance(event, CheckIn),
                event.card,
                event.trust,
                dated.at,
                one.received_at,
                dated.flag,
            )
        )
    return taps


def _first_good(connection: Connection, terminal: str, boot: str) -> Reading | None:
    row = connection.execute(
        select(received.c.claimed_at, received.c.monotonicms)
        .where(
            received.c.terminal == terminal,
            received.c.boot == boot,
            received.c.clockgood.is_(True),
        )
        .order_by(received.c.seq)
        .limit(1)
    ).first()
    return None if row is None else Reading(row.claimed_at, row.monotonicms, True)
