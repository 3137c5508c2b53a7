"""Several workers take one town's events into one PostgreSQL, and are killed at any moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from doubles.waiting import eventually
from sqlalchemy import Engine, create_engine, func, select

from linli.ledger.audit.verify import verify
from linli.ledger.database import open_database
from linli.ledger.ingest.schema import received
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.link import Link
from linli.sync.messages import CheckIn, Trust
from linli.sync.outbox import Outbox, metadata
from linli.sync.sqlite import Database, open_engine
from linli.sync.uplink import Uplink
from linli.town.cluster import Cluster
from tests.unit.ledger.village import KEY, PEOPLE, Village, at

EVENTS, BURST, KILLS = 300, 4, 8


class Workers:
    """Two of `linli ledger ingest`; a killed one is started again at once."""

    def __init__(self, url: str, broker: Broker, directory: Path) -> None:
        self._command = [
            *(sys.executable, "-m", "linli", "ledger", "ingest"),
            *("--database", url, "--broker", f"127.0.0.1:{broker.port}"),
        ]
        self._log = (directory / "workers.log").open("ab")
        self.running = [self._start(), self._start()]

    def kill(self, number: int) -> None:
        self.running[number].send_signal(signal.SIGKILL)
        self.running[number].wait()
        self.running[number] = self._start()

    def stop(self) -> None:
        for worker in self.running:
            worker.kill()
            worker.wait()
        self._log.close()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdout=self._log, stderr=self._log)


@pytest.fixture
def ledger(cluster: Cluster) -> str:
    url = cluster.create("workers")
    Village(open_database(url)).engine.dispose()
    return url


def test_every_event_is_applied_once(
    ledger: str, cluster: Cluster, broker: Broker, tmp_path: Path
) -> None:
    random = Random(7)
    workers = Workers(ledger, broker, tmp_path)
    terminal = open_engine(tmp_path / "terminal.db")
    metadata.create_all(terminal)
    database = Database(terminal)
    outbox = Outbox(database, "t1", KEY, SystemClock(), "boot")
    link = Link("t1", "127.0.0.1", broker.port, "boot", SystemClock(), "test", presence=True)
    uplink = Uplink(outbox, link, SystemClock(), random)
    uplink.start()
    link.start()
    engine = create_engine(ledger)
    try:
        kill_at = sorted(random.sample(range(EVENTS // BURST), KILLS))
        for burst in range(EVENTS // BURST):
            tap(database, outbox, random)
            uplink.poke()
            if burst in kill_at:
                workers.kill(random.randrange(2))
            time.sleep(random.uniform(0.0, 0.15))
        eventually(lambda: outbox.waiting() == 0, within=60)
    finally:
        uplink.close()
        link.close()
        workers.stop()
        terminal.dispose()
    assert kept(engine) == dict.fromkeys(range(1, EVENTS + 1), 1)
    assert verify(engine) is None
    engine.dispose()
    cluster.drop("workers")


def tap(database: Database, outbox: Outbox, random: Random) -> None:
    with database.writing() as connection:
        for _ in range(BURST):
            who = random.choice(PEOPLE)
            event = CheckIn(account=who, card=f"card-{who}", activity="visit", trust=Trust.HIGH)
            outbox.record(connection, event, at(f"10:{random.randrange(10):02d}"))


def kept(engine: Engine) -> Counter[int]:
    with engine.connect() as connection:
        query = select(received.c.seq, func.count()).where(received.c.applied.is_(True))
        return Counter(dict(connection.execute(query.group_by(received.c.seq)).all()))
