"""A terminal killed (`kill -9`) at 220 random moments, and its broker now and then: what was said
to a person is true, and everything arrives once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from doubles.ledger import LedgerDouble
from doubles.waiting import eventually

from linli.sync.broker import Broker
from linli.sync.signing import load_or_make_key

KILLS, BROKER_KILLS, LOST_ANSWERS = 220, 12, 60
LONGEST_S = 0.25
TERMINAL = "t-1"
PROGRAM = Path(__file__).with_name("tapping.py")


class Nursery:
    """Starts the tapping terminal and sees to its end."""

    def __init__(self, directory: Path, port: int) -> None:
        self._log = (directory / "log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(directory), str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def run(self, seconds: float) -> int:
        return int(self._ask(f"run {seconds}"))

    def wait(self) -> None:
        assert self._ask("wait") == "gone"

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._log.close()

    def _ask(self, order: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "terminal"
    directory.mkdir()
    return directory


@pytest.fixture
def ledger(broker: Broker, directory: Path) -> Iterator[LedgerDouble]:
    key = load_or_make_key(directory / "terminal.key")
    ledger = LedgerDouble(broker.port, {TERMINAL: key.public_key()})
    yield ledger
    ledger.close()


@pytest.fixture
def nursery(broker: Broker, directory: Path) -> Iterator[Nursery]:
    nursery = Nursery(directory, broker.port)
    yield nursery
    nursery.close()


@pytest.mark.timeout(240)
def test_what_was_said_is_kept_and_arrives_once_however_often_it_is_killed(
    nursery: Nursery, ledger: LedgerDouble, broker: Broker, directory: Path
) -> None:
    random = Random(20261128)
    broker_kills = set(random.sample(range(KILLS), BROKER_KILLS))
    lost_answers = set(random.sample(range(KILLS), LOST_ANSWERS))
    for n in range(KILLS):
        if n in lost_answers:
            ledger.lose_answers = random.randrange(1, 8)
        child = nursery.run(60.0)
        time.sleep(random.uniform(0, LONGEST_S))
        if n in broker_kills:
            broker.kill9()
        os.kill(child, signal.SIGKILL)
        nursery.wait()
        if n in broker_kills:
            broker.restart()
    ledger.lose_answers = 0
    nursery.run(0.0)  # nothing more is tapped, what waits is sent
    nursery.wait()

    with closing(sqlite3.connect(directory / "terminal.db")) as database:
        events = dict(database.execute("SELECT seq, body FROM event"))
        people = {row[0] for row in database.execute("SELECT account FROM attendance")}
        counters = {row[0] for row in database.execute("SELECT card FROM card_counter")}
        digests = dict(database.execute("SELECT number, digest FROM batch"))
        assert database.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    said = [line.split() for line in (directory / "said").read_text().splitlines()]

    assert len(said) > KILLS, "the terminal hardly ever came to tap"
    assert sorted(events) == list(range(1, len(events) + 1))
    for seq, person in said:
        assert f'"account":"{person}"' in events[int(seq)].decode()
        assert person in people
        assert f"c-{person}" in counters
    assert len(people) == len(counters) == len(events)
    eventually(lambda: ledger.watermark(TERMINAL) == len(events))
    assert len(ledger.events[TERMINAL]) == len(events)
    assert ledger.digests[TERMINAL] == digests
    assert ledger.faults == []
