"""`linli bench ranking`: the top ten and somebody's own rank among a million accounts.

Asked by the ledger's own functions, on SQLite and PostgreSQL, and of Redis (ZREVRANK) by its own
client for Python, while one table grows from 10⁴ to 10⁶ accounts. What it cost at each size is
drawn into out/ranking.svg.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text

from linli.benchmarks.figure import Figure, at_most, percentile, ratio_at_most
from linli.benchmarks.peers import NoPeerError
from linli.benchmarks.plot import plot
from linli.benchmarks.redis import Redis
from linli.ledger.database import insert_rows, open_database, reading, upsert
from linli.ledger.ranking.schema import point_count, standing
from linli.ledger.ranking.standings import first, rank_of
from linli.sync.messages import Kind
from linli.sync.periods import SHANGHAI
from linli.town.cluster import Cluster

SIZES = (10_000, 100_000, 1_000_000)
LOG_N = 1.5
"""How much log n grows from the smallest size to the largest."""
ASKED = 2000
UNCOUNTED = 100
"""The first questions warm up what they need."""
CHUNK = 20_000
SCOPE, PERIOD, TEN = "xiangyang", "2026", 10
STEP, STEPS = 5, 400
"""Points come in fives, and nobody comes to more than a year has to come to."""
OUT = Path("out")
PLOT = OUT / "ranking.svg"
US = 1_000_000
Costs = dict[str, dict[int, list[float]]]
"""Seconds of each question, by what was asked and the number of accounts."""


def run() -> list[Figure]:
    costs: Costs = {}
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        engine = open_database(directory / "ledger.db")
        _ask(engine, "SQLite", costs)
        engine.dispose()
        _ask_redis(directory, costs)
    cluster = Cluster(durable=True)
    try:
        engine = open_database(cluster.create("ledger"))
        _ask(engine, "PostgreSQL", costs)
        engine.dispose()
    finally:
        cluster.stop()
    lines = {
        what: [(n, percentile(s, 50) * US) for n, s in by.items()] for what, by in costs.items()
    }
    plot(PLOT, "Ranking: median cost by number of accounts", lines)
    return list(_figures(costs))


def _figures(costs: Costs) -> Iterator[Figure]:
    for what in ("top ten", "own rank"):
        found = costs[f"{what}, PostgreSQL"][SIZES[-1]]
        name = f"{what} of {SIZES[-1]:,} on PostgreSQL, p99"
        yield at_most(name, percentile(found, 99) * 1000, "ms", 1)
    if "own rank, Redis" in costs:
        theirs = percentile(costs["own rank, Redis"][SIZES[-1]], 50) * US
        for what in ("top ten", "own rank"):
            ours = percentile(costs[f"{what}, SQLite"][SIZES[-1]], 50) * US
            name = f"{what} of {SIZES[-1]:,} on SQLite, p50"
            yield ratio_at_most(name, ours, "µs", "ZREVRANK of Redis", theirs, 1)
    for what, by in costs.items():
        if "Redis" not in what:
            small, large = (percentile(by[n], 50) * US for n in (SIZES[0], SIZES[-1]))
            peer = f"at {SIZES[0]:,}"
            yield ratio_at_most(f"{what}, growth to {SIZES[-1]:,}", large, "µs", peer, small, LOG_N)


# --- accounts --------------------------------------------------------------------------------


def _account(number: int) -> str:
    return f"a{number:07d}"


def _points(random_: random.Random) -> int:
    """As a year of the simulated district leaves them (linli/town/district.py)."""
    return STEP * (1 + int(STEPS * random_.betavariate(0.6, 6.0)))


def _grow(engine: Engine, known: list[int], size: int, random_: random.Random) -> None:
    """As many more accounts as it takes, by what the ledger keeps of a ranking."""
    start = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
    while len(known) < size:
        more = [_points(random_) for _ in range(min(CHUNK, size - len(known)))]
        rows = [
            {
                "period": PERIOD,
                "account": _account(len(known) + n),
                "kind": Kind.RESIDENT.value,
                "building": "b1",
                "scope": SCOPE,
                "pending": 0,
                "posted": points,
                "points": points,
                "reached_at": start + dt.timedelta(seconds=random_.randrange(31_000_000)),
            }
            for n, points in enumerate(more)
        ]
        names = {"period": PERIOD, "kind": Kind.RESIDENT.value, "node": SCOPE}
        counts = [{**names, "points": p, "accounts": n} for p, n in sorted(Counter(more).items())]
        with engine.begin() as connection:
            insert_rows(connection, standing, rows)
            upsert(connection, point_count, counts, added=("accounts",))
        known += more
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


# --- questions -------------------------------------------------------------------------------


def _ask(engine: Engine, where: str, costs: Costs) -> None:
    known: list[int] = []
    random_ = random.Random(1)
    for size in SIZES:
        _grow(engine, known, size, random_)
        asked = [_account(random_.randrange(size)) for _ in range(ASKED)]
        with reading(engine) as connection:
            ten = _timed(lambda _: first(connection, PERIOD, Kind.RESIDENT, SCOPE, TEN), asked)
            own = _timed(partial(rank_of, connection, PERIOD, Kind.RESIDENT, SCOPE), asked)
        costs.setdefault(f"top ten, {where}", {})[size] = ten
        costs.setdefault(f"own rank, {where}", {})[size] = own


def _ask_redis(directory: Path, costs: Costs) -> None:
    """The same accounts and questions."""
    try:
        redis = Redis(directory, OUT / "redis")
    except NoPeerError as error:
        print(f"{error}; what is compared with it is left out", file=sys.stderr)
        return
    try:
        random_ = random.Random(1)
        done = 0
        for size in SIZES:
            redis.add([(_account(n), _points(random_)) for n in range(done, size)])
            done = size
            asked = [_account(random_.randrange(size)) for _ in range(ASKED)]
            costs.setdefault("own rank, Redis", {})[size] = redis.timed(asked)[UNCOUNTED:]
    finally:
        redis.close()


def _timed(ask: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    """Seconds of each question, but for the first."""
    times = []
    for account in asked:
        began = time.perf_counter()
        ask(account)
        times.append(time.perf_counter() - began)
    return times[UNCOUNTED:]
