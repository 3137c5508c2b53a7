"""`linli bench ledger`: deeds in a second, with all rules on, by the way that batches really take
when many wait at once.

Side by side with the same rows put into the same tables by the bare driver, on SQLite and on
PostgreSQL, both durable; and on PostgreSQL with django-hordak. SQLite has one writer; on PostgreSQL
two workers take the batches, as they do where the ledger is run on it, and each peer has as many
processes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, text

from linli.benchmarks.bare import copy_as_a_worker, insert_sqlite, new_rows, shares_of
from linli.benchmarks.figure import Figure, at_least, ratio_at_least
from linli.benchmarks.peers import NoPeerError, run_peer
from linli.benchmarks.rush import (
    TOWN,
    WARM_UP,
    Load,
    deeds,
    rush,
    shared_out,
    take_all,
    take_as_a_worker,
    together,
)
from linli.benchmarks.side_by_side import side_by_side
from linli.ledger.audit.verify import verify
from linli.ledger.database import open_database
from linli.town.cluster import Cluster

OUT = Path("out")
HORDAK = ("6", "100", "2")
"""Batches, transfers of a batch, batches of a stretch: it takes its time."""
WORKERS = 2
UNIT = "deeds/s"
BARE = "the same rows, no logic"


class WrongLedgerError(RuntimeError):
    """What was measured left a ledger that does not hold: its speed means nothing."""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as directory:
        figures = _sqlite(Path(directory))
    cluster = Cluster(durable=True)
    try:
        return [*figures, *_postgresql(cluster)]
    finally:
        cluster.stop()


def _sqlite(directory: Path) -> list[Figure]:
    path, copy, bare = (directory / name for name in ("ledger.db", "before.db", "bare.db"))
    engine = open_database(path)
    loads = rush(engine)
    take_all(engine, loads[:WARM_UP])
    engine.dispose()  # the last connection folds the log into the file
    for other in (copy, bare):
        shutil.copyfile(path, other)
    ours = take_all(engine, loads[WARM_UP:])
    _holds(engine)
    before = open_database(copy)
    theirs = insert_sqlite(bare, new_rows(before, engine), _parts(loads))
    before.dispose()
    engine.dispose()
    return [
        at_least("deeds on SQLite", ours, UNIT, 10_000),
        ratio_at_least("deeds on SQLite, beside bare rows", ours, UNIT, BARE, theirs, 0.5),
    ]


def _postgresql(cluster: Cluster) -> list[Figure]:
    url = cluster.create("ledger")
    engine = open_database(url)
    loads = rush(engine, TOWN)
    take_all(engine, loads[::4])
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    before, bare = (
        open_database(cluster.create("before", "ledger")),
        cluster.create("bare", "ledger"),
    )
    rest = [load for number, load in enumerate(loads) if number % 4]
    shares = [(url, share) for share in shared_out(rest, WORKERS)]
    ours = deeds(rest) / side_by_side(take_as_a_worker, shares)
    _holds(engine)
    rows = shares_of(bare, new_rows(before, engine), len(together(rest)), WORKERS)
    theirs = deeds(rest) / side_by_side(copy_as_a_worker, rows)
    for one in (before, engine):
        one.dispose()
    name = f"deeds on PostgreSQL, {WORKERS} workers"
    return [
        at_least(name, ours, UNIT, 8_000),
        ratio_at_least(f"{name}, beside bare rows", ours, UNIT, BARE, theirs, 0.5),
        *_hordak(cluster, name, ours),
    ]


def _parts(loads: Sequence[Load]) -> list[int]:
    """The deeds of each transaction."""
    return [deeds(waiting) for waiting in together(loads[WARM_UP:])]


def _hordak(cluster: Cluster, name: str, ours: float) -> list[Figure]:
    cluster.create("hordak")
    arguments = (cluster.host, "hordak", *HORDAK, str(WORKERS))
    try:
        theirs = float(run_peer(OUT / "hordak", "hordak", *arguments))
    except NoPeerError as error:
        print(f"{error}; this figure is left out", file=sys.stderr)
        return []
    beside = f"{name}, beside django-hordak"
    return [ratio_at_least(beside, ours, UNIT, "transfers of django-hordak", theirs, 10)]


def _holds(engine: Engine) -> None:
    difference = verify(engine)
    if difference is not None:
        raise WrongLedgerError(str(difference))
