"""The weeks before today, lived through: taps arrive as signed batches of the terminal that took
them, the panel meets each Monday, and what the calendar asks for is done when it falls due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from linli.ledger.cadence.running import Signer, do_what_is_due
from linli.ledger.ingest.batches import take
from linli.ledger.notice.objecting import Way, object_to
from linli.ledger.notice.publishing import shown_deeds
from linli.ledger.notice.shown import months
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import members
from linli.ledger.review.queue import cases
from linli.ledger.review.weekly import Said, say
from linli.ledger.standard.versions import Standards
from linli.sync.messages import CheckIn, SignOut, Trust
from linli.town import world as towns
from linli.town.sender import Sender

MEETS_AT = dt.time(9)
WEEK = dt.timedelta(days=7)
OBJECTED = ("这一天我在场，没有看到他来。", "同一件事好像记了两遍，请核实。")


def live_through(
    engine: Engine,
    world: towns.World,
    standards: Standards,
    signer: Signer,
    key: Ed25519PrivateKey,
    now: dt.datetime,
) -> None:
    """Every week up to now. Deeds over a limit, and those of this week, still wait."""
    arriving = list(_batches(world.past, key))
    for monday in _mondays(world, now):
        while arriving and arriving[0][1] <= monday:
            _take(engine, *arriving.pop(0), standards)
        with engine.begin() as connection:
            _meet(connection, monday.date(), standards, monday)
        do_what_is_due(engine, signer, monday)
    for payload, at in arriving:
        _take(engine, payload, at, standards)
    do_what_is_due(engine, signer, now)
    with engine.begin() as connection:
        _object(connection, world, now)


def _mondays(world: towns.World, now: dt.datetime) -> Iterator[dt.datetime]:
    first = world.began(now).date()
    day = first - dt.timedelta(days=first.weekday()) + WEEK
    while (meets := dt.datetime.combine(day, MEETS_AT, now.tzinfo)) <= now:
        yield meets
        day += WEEK


def _batches(
    taps: Sequence[towns.PastTap], key: Ed25519PrivateKey
) -> Iterator[tuple[bytes, dt.datetime]]:
    """What the terminal of those weeks sent hour by hour, and when it arrived."""
    sender = Sender(towns.PAST, key)
    for _, some in groupby(taps, lambda tap: (tap.at.date(), tap.at.hour)):
        for tap in some:
            struct = SignOut if tap.sign_out else CheckIn
            event = struct(
                account=tap.account,
                card=tap.card,
                activity=tap.activity,
                trust=Trust.HIGH,
                reader="past",
            )
            sender.record(event, tap.at)
        for payload, last in sender.send():
            yield payload, last + dt.timedelta(seconds=1)


def _take(engine: Engine, payload: bytes, at: dt.datetime, standards: Standards) -> None:
    with engine.begin() as connection:
        take(connection, towns.PAST, payload, standards, at)


def _meet(connection: Connection, monday: dt.date, standards: Standards, now: dt.datetime) -> None:
    """Each member posts what was done before this week, but for their own and for what is over a
    limit."""
    for member in members(connection, towns.SCOPE, now):
        said = [
            Said(case.deed.id, Choice.POST, case.seen)
            for case in cases(connection, towns.SCOPE)
            if case.deed.day < monday.isoformat()
            and not case.deed.surplus
            and case.deed.account != member
        ]
        say(connection, towns.SCOPE, member, said, standards, now)


def _object(connection: Connection, world: towns.World, now: dt.datetime) -> None:
    """Two neighbours doubt a deed on the notice that hangs, if one does."""
    hanging = [
        one for one in months(connection, towns.SCOPE) if one.of.frozen_at <= now < one.of.until
    ]
    if not hanging:
        return
    deeds = shown_deeds(connection, towns.SCOPE, hanging[0].month)
    objectors = [p.account for p in world.people if not p.card.blocked]
    for of, by, words in zip(deeds[::7], reversed(objectors), OBJECTED, strict=False):
        object_to(connection, of.id, by, Way.CARD, words, now)
