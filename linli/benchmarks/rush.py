"""A district in a rush: everybody checks in at an activity, and the ledger takes the batches.

What is timed is all that the ledger does about them (signatures, order, people, limits, deeds,
transfers, balances, standings, counts, and the changes for the terminals), each batch in its own
transaction, as in `linli.ledger.ingest.service`.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from linli.ledger.activities.planning import plan
from linli.ledger.ingest.batches import take
from linli.ledger.standard.versions import Standards, StandardShelf
from linli.sync.messages import ActivityRow, CheckIn, Trust
from linli.sync.periods import SHANGHAI
from linli.town.district import Community, build
from linli.town.founding import found
from linli.town.sender import Sender

SEED, PEOPLE = 7, 7700
MONDAY = dt.date(2026, 11, 2)
ITEM = "D01"
"""One tap is a deed there, with a limit for each month to be looked at."""
WARM_UP = 38
"""Batches before the clock runs, half of all: a ledger has something in its tables all day, and
PostgreSQL has looked how much (by itself it does so every minute)."""
STRETCH = 10
"""Batches that are timed together. The fastest stretch counts, for the ledger as for its peers:
whatever else the machine did, it did least in that one."""


@dataclass(frozen=True)
class Load:
    """One batch on its way: the topic's terminal, the bytes, and when they arrive."""

    terminal: str
    payload: bytes
    at: dt.datetime


class NotTakenError(RuntimeError):
    """The ledger did not answer a batch: what was measured is not what should be."""


def rush(engine: Engine) -> list[Load]:
    """Found the district on an empty ledger and return the batches that everybody's check-ins
    make."""
    random_ = random.Random(SEED)
    now = dt.datetime.combine(MONDAY, dt.time(), SHANGHAI)
    communities = build(SEED, PEOPLE)
    senders = {
        c.id: Sender(c.terminal, Ed25519PrivateKey.from_private_bytes(random_.randbytes(32)))
        for c in communities
    }
    with engine.begin() as connection:
        standards = found(connection, communities, senders, now)
    return [
        Load(community.terminal, payload, at + dt.timedelta(seconds=1))
        for community in communities
        for payload, at in _come(engine, community, senders[community.id], standards, now)
    ]


def _come(
    engine: Engine, community: Community, sender: Sender, standards: Standards, now: dt.datetime
) -> Iterable[tuple[bytes, dt.datetime]]:
    planned = [row for row in community.week(MONDAY) if row.item == ITEM]
    with engine.begin() as connection:
        (activity,) = plan(connection, community.id, planned, standards, now)
    for number, person in enumerate(community.people):
        came = activity.starts_at + dt.timedelta(seconds=number)
        sender.record(_check_in(person.holder.account, person.card.id, activity), came)
    return sender.send()


def _check_in(account: str, card: str, activity: ActivityRow) -> CheckIn:
    return CheckIn(account=account, card=card, activity=activity.id, trust=Trust.HIGH)


def take_all(engine: Engine, loads: Sequence[Load]) -> float:
    """Have the ledger take these batches; returns the most deeds it made in a second. Raises
    NotTakenError."""
    shelf = StandardShelf()

    def one(load: Load) -> None:
        with engine.begin() as connection:
            standards = shelf.read(connection)
            answer = take(connection, load.terminal, load.payload, standards, load.at)
        if answer is None:
            raise NotTakenError(f"a batch of {load.terminal} was parked: see parked")

    return fastest([partial(one, load) for load in loads])


def fastest(batches: Sequence[Callable[[], None]], size: int = 100) -> float:
    """Do them one after the other; returns the rate of the fastest stretch, `size` things in
    each."""
    best = 0.0
    for start in range(0, len(batches) - STRETCH + 1, STRETCH):
        began = time.perf_counter()
        for batch in batches[start : start + STRETCH]:
            batch()
        best = max(best, STRETCH * size / (time.perf_counter() - began))
    for batch in batches[len(batches) // STRETCH * STRETCH :]:
        batch()
    return best
