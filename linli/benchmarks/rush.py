"""A district in a rush: everybody checks in at an activity, and the ledger takes the batches.

What is timed is all that the ledger does about them (signatures, order, people, limits, deeds,
transfers, balances, standings, counts, and the changes for the terminals), so many batches in each
transaction as `linli.ledger.ingest.service` takes together when they wait. On PostgreSQL it is done
by workers side by side, each with every second batch of each terminal, as brokers share them out.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from linli.ledger.activities.planning import plan
from linli.ledger.database import open_database
from linli.ledger.ingest.batches import take_free, take_together
from linli.ledger.ingest.inbox import TOGETHER, Inbox
from linli.ledger.ingest.vouching import Message
from linli.ledger.long_lived import spare_what_stays
from linli.ledger.standard.versions import Standards, StandardShelf
from linli.sync.messages import ActivityRow, CheckIn, Trust
from linli.sync.outbox import BATCH_EVENTS
from linli.sync.periods import SHANGHAI
from linli.town.district import Community, build
from linli.town.founding import found
from linli.town.sender import Sender

SEED, PEOPLE = 7, 7700
TOWN = 3 * PEOPLE
"""For workers side by side: with fewer, the last transaction of one would be half of the time."""
MONDAY = dt.date(2026, 11, 2)
ITEM = "D01"
"""One tap is a deed there, with a limit for each month to be looked at."""
WARM_UP = 38
"""Batches before the clock runs, half of all: a ledger has something in its tables all day, and
PostgreSQL has looked how much (by itself it does so every minute)."""


@dataclass(frozen=True)
class Load:
    """One batch on its way: the topic's terminal, the bytes, the check-ins in it, and when it
    arrives."""

    terminal: str
    payload: bytes
    size: int
    at: dt.datetime


class NotTakenError(RuntimeError):
    """The ledger did not answer a batch: what was measured is not what should be."""


def rush(engine: Engine, people: int = PEOPLE) -> list[Load]:
    """Found the district on an empty ledger and return the batches that everybody's check-ins
    make."""
    random_ = random.Random(SEED)
    now = dt.datetime.combine(MONDAY, dt.time(), SHANGHAI)
    communities = build(SEED, people)
    senders = {
        c.id: Sender(c.terminal, Ed25519PrivateKey.from_private_bytes(random_.randbytes(32)))
        for c in communities
    }
    with engine.begin() as connection:
        standards = found(connection, communities, senders, now)
    return [
        load
        for community in communities
        for load in _come(engine, community, senders[community.id], standards, now)
    ]


def _come(
    engine: Engine, community: Community, sender: Sender, standards: Standards, now: dt.datetime
) -> Iterable[Load]:
    planned = [row for row in community.week(MONDAY) if row.item == ITEM]
    with engine.begin() as connection:
        (activity,) = plan(connection, community.id, planned, standards, now)
    for number, person in enumerate(community.people):
        came = activity.starts_at + dt.timedelta(seconds=number)
        sender.record(_check_in(person.holder.account, person.card.id, activity), came)
    left = len(community.people)
    for payload, at in sender.send():
        size = min(left, BATCH_EVENTS)
        left -= size
        yield Load(community.terminal, payload, size, at + dt.timedelta(seconds=1))


def _check_in(account: str, card: str, activity: ActivityRow) -> CheckIn:
    return CheckIn(account=account, card=card, activity=activity.id, trust=Trust.HIGH)


def take_all(engine: Engine, loads: Sequence[Load]) -> float:
    """Have the ledger take these batches; returns the most deeds it made in a second. Raises
    NotTakenError."""
    shelf = StandardShelf()
    spare_what_stays()

    def some(waiting: Sequence[Load]) -> None:
        messages = [Message(load.terminal, load.payload) for load in waiting]
        with engine.begin() as connection:
            standards = shelf.read(connection)
            answers = take_together(connection, messages, standards, waiting[-1].at)
        if None in answers:
            raise NotTakenError("a batch was parked: see parked")

    return fastest([(deeds(waiting), partial(some, waiting)) for waiting in together(loads)])


def shared_out(loads: Sequence[Load], workers: int) -> list[list[Load]]:
    """To each worker its batches in the order in which they come: every terminal sends what it
    has, and the broker gives one to each in turn."""
    by_terminal: dict[str, list[Load]] = defaultdict(list)
    for load in loads:
        by_terminal[load.terminal].append(load)
    coming = [load for some in zip_longest(*by_terminal.values()) for load in some if load]
    return [coming[worker::workers] for worker in range(workers)]


def take_as_a_worker(share: tuple[str, Sequence[Load]], ready: Callable[[], None]) -> None:
    """Take the batches that came to one of several workers of the ledger with this URL. Raises
    NotTakenError."""
    url, loads = share
    engine, shelf, inbox = open_database(url), StandardShelf(), Inbox(len(loads))
    now = max(load.at for load in loads)
    for load in loads:
        inbox.put(Message(load.terminal, load.payload))
    with engine.begin() as connection:
        shelf.read(connection)
    spare_what_stays()
    ready()
    while waiting := inbox.take(0):
        with engine.begin() as connection:
            answers, later = take_free(connection, waiting, shelf.read(connection), now)
        inbox.put_back(later)
        if any(answer is None for _, answer in answers):
            raise NotTakenError("a batch was parked: see parked")
    engine.dispose()


def together(loads: Sequence[Load]) -> list[Sequence[Load]]:
    """The batches of each transaction."""
    return [loads[start : start + TOGETHER] for start in range(0, len(loads), TOGETHER)]


def deeds(loads: Sequence[Load]) -> int:
    return sum(load.size for load in loads)


def fastest(transactions: Sequence[tuple[int, Callable[[], None]]]) -> float:
    """Do them one after the other, each with what it makes; returns the rate of the fastest. What
    else the machine did, it did least in that one: it counts, for the ledger as for its peers."""
    best = 0.0
    for made, do in transactions:
        began = time.perf_counter()
        do()
        best = max(best, made / (time.perf_counter() - began))
    return best
