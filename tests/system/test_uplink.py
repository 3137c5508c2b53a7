"""The outbox's way to the ledger over a real broker: nothing lost, nothing twice."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.ledger import LedgerDouble
from doubles.mqtt import Peer
from doubles.waiting import eventually, stays
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from linli.sync import link as link_module
from linli.sync import outbox as outbox_module
from linli.sync import resends as resends_module
from linli.sync import topics
from linli.sync import uplink as uplink_module
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.link import Link
from linli.sync.messages import CheckIn, Trust
from linli.sync.outbox import Outbox, metadata
from linli.sync.sqlite import Database, open_engine
from linli.sync.uplink import Uplink
from linli.town.cable import Cable

KEY = Ed25519PrivateKey.generate()


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "FIRST_S", 0.05)
    monkeypatch.setattr(link_module, "CAP_S", 0.2)
    monkeypatch.setattr(resends_module, "FIRST_S", 0.1)
    monkeypatch.setattr(resends_module, "CAP_S", 0.5)
    monkeypatch.setattr(uplink_module, "TROUBLE_S", 0.05)


class JumpyClock(SystemClock):
    """The wall clock jumps a day back or forward whenever it is looked at."""

    def __init__(self) -> None:
        self._random = Random(3)

    def now(self) -> dt.datetime:
        return super().now() + dt.timedelta(days=self._random.choice((-1, 0, 1)))


@dataclass
class Sender:
    """One terminal's sending half, on the database at `path`."""

    path: Path
    port: int
    clock: SystemClock

    def __post_init__(self) -> None:
        self.engine: Engine = open_engine(self.path)
        metadata.create_all(self.engine)
        self.outbox = Outbox(Database(self.engine), "t-1", KEY, self.clock, "boot-1")
        self.link = Link("t-1", "127.0.0.1", self.port, "boot-1", self.clock, "1.0", presence=True)
        self.uplink = Uplink(self.outbox, self.link, self.clock)

    def start(self) -> None:
        self.uplink.start()
        self.link.start()

    def tap(self, count: int = 1) -> None:
        for _ in range(count):
            with self.engine.begin() as connection:
                event = CheckIn(account="r-1", card="c-1", activity="a-1", trust=Trust.LOW)
                self.outbox.record(connection, event)
            self.uplink.poke()

    def close(self) -> None:
        self.uplink.close()
        self.link.close()
        self.engine.dispose()


@pytest.fixture
def ledger(broker: Broker) -> Iterator[LedgerDouble]:
    ledger = LedgerDouble(broker.port, {"t-1": KEY.public_key()})
    yield ledger
    ledger.close()
    assert ledger.faults == []


@pytest.fixture
def sender(tmp_path: Path, broker: Broker) -> Iterator[Sender]:
    sender = Sender(tmp_path / "terminal.db", broker.port, SystemClock())
    yield sender
    sender.close()


def arrived(sender: Sender, ledger: LedgerDouble, count: int) -> None:
    """Everything is there, once, and the outbox knows."""
    eventually(lambda: ledger.watermark("t-1") == count)
    eventually(lambda: sender.outbox.waiting() == 0)
    assert sorted(ledger.events["t-1"]) == list(range(1, count + 1))


def test_events_arrive_and_leave_the_outbox(sender: Sender, ledger: LedgerDouble) -> None:
    sender.start()
    sender.tap(250)
    arrived(sender, ledger, 250)


def test_what_piled_up_before_the_start_travels_in_full_batches(
    sender: Sender, ledger: LedgerDouble
) -> None:
    sender.tap(250)
    sender.start()
    arrived(sender, ledger, 250)
    assert len(ledger.digests["t-1"]) == 3


def test_an_event_that_nothing_waits_for_is_sent_at_once(
    sender: Sender, ledger: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resends_module, "FIRST_S", 60.0)
    sender.start()
    eventually(lambda: sender.link.online)
    sender.tap()
    arrived(sender, ledger, 1)


def test_lost_answers_make_it_send_the_same_bytes_again(
    sender: Sender, ledger: LedgerDouble
) -> None:
    ledger.lose_answers = 5
    sender.start()
    sender.tap(3)
    arrived(sender, ledger, 3)
    assert max(ledger.received.values()) > 1


def test_doubled_answers_change_nothing(sender: Sender, ledger: LedgerDouble) -> None:
    ledger.answer_times = 3
    sender.start()
    sender.tap(50)
    arrived(sender, ledger, 50)
    assert sender.uplink.malformed == 0


def test_batches_a_ledger_never_saw_are_sent_again(sender: Sender, ledger: LedgerDouble) -> None:
    ledger.deaf = True
    sender.start()
    sender.tap(20)
    stays(lambda: sender.outbox.waiting() == 20)
    ledger.deaf = False
    arrived(sender, ledger, 20)


def test_a_killed_broker_loses_nothing(
    sender: Sender, ledger: LedgerDouble, broker: Broker
) -> None:
    sender.start()
    for _ in range(3):
        sender.tap(30)
        broker.kill9()
        sender.tap(30)
        broker.restart()
    arrived(sender, ledger, 180)


def test_a_broker_killed_with_a_thousand_acknowledged_messages_inside_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker has a persistent session for the ledger, persistence on, and has acknowledged
    every message. It comes back with hardly any of them; the outbox still has them all."""
    count = 1000
    for module in (resends_module, uplink_module):
        monkeypatch.setattr(module, "IN_FLIGHT", count)
    monkeypatch.setattr(outbox_module, "BATCH_EVENTS", 1)
    monkeypatch.setattr(resends_module, "FIRST_S", 30.0)
    monkeypatch.setattr(resends_module, "CAP_S", 60.0)
    monkeypatch.setattr(link_module, "QUEUED", 2 * count)
    keys = {"t-1": KEY.public_key()}
    with Broker(tmp_path / "broker", persistence=True) as broker:
        LedgerDouble(broker.port, keys, session_s=3600).close()
        sender = Sender(tmp_path / "terminal.db", broker.port, SystemClock())
        with sender.engine.begin() as connection:
            event = CheckIn(account="r-1", card="c-1", activity="a-1", trust=Trust.LOW)
            for _ in range(count):
                sender.outbox.record(connection, event)
        with Peer(broker.port, topics.events("t-1")) as witness:
            sender.start()
            eventually(lambda: len(witness.heard[topics.events("t-1")]) == count)
            client = sender.link._client
            assert client is not None
            eventually(lambda: not client._out_messages)  # every PUBACK is here
        broker.kill9()
        eventually(lambda: not sender.link.online)
        broker.restart()
        ledger = LedgerDouble(broker.port, keys, session_s=3600)
        arrived(sender, ledger, count)
        assert ledger.faults == []
        ledger.close()
        sender.close()


def test_a_cable_pulled_in_the_middle_loses_nothing(
    tmp_path: Path, broker: Broker, ledger: LedgerDouble
) -> None:
    cable = Cable(broker.port)
    sender = Sender(tmp_path / "terminal.db", cable.port, SystemClock())
    sender.start()
    random, count = Random(5), 0
    for _ in range(5):
        before, after = random.randrange(40), random.randrange(40)
        count += before + after
        sender.tap(before)
        cable.cut()
        sender.tap(after)
        eventually(lambda: not sender.link.online)
        cable.mend()
        eventually(lambda: sender.link.online)
    arrived(sender, ledger, count)
    sender.close()
    cable.close()


def test_a_restart_in_the_middle_loses_nothing(
    tmp_path: Path, broker: Broker, ledger: LedgerDouble
) -> None:
    for _ in range(5):
        sender = Sender(tmp_path / "terminal.db", broker.port, SystemClock())
        sender.start()
        sender.tap(17)
        sender.close()
    last = Sender(tmp_path / "terminal.db", broker.port, SystemClock())
    last.start()
    arrived(last, ledger, 85)
    last.close()


def test_a_jumping_wall_clock_loses_nothing(
    tmp_path: Path, broker: Broker, ledger: LedgerDouble
) -> None:
    ledger.lose_answers = 2
    sender = Sender(tmp_path / "terminal.db", broker.port, JumpyClock())
    sender.start()
    sender.tap(40)
    arrived(sender, ledger, 40)
    sender.close()


# --- answers that must not be believed -----------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        b'{"terminal":"t-1","watermark":3}',
        b'{"terminal":"t-1","watermark":1000000}',
        b'{"terminal":"t-2","watermark":2}',
        b'{"terminal":"t-1","watermark":-1}',
        b'{"terminal":"t-1","watermark":1' + b"0" * 30 + b"}",
        b"\xff\xfe",
        b"",
        b'{"terminal":"t-1","watermark":1,"x":' + b"[" * 200_000,
    ],
)
def test_an_answer_that_cannot_be_true_deletes_nothing(
    sender: Sender, ledger: LedgerDouble, answer: bytes
) -> None:
    ledger.deaf = True
    sender.start()
    sender.tap(2)
    eventually(lambda: sender.outbox.pending_batches())
    ledger.say(topics.ack("t-1"), answer)
    eventually(lambda: sender.uplink.malformed == 1)
    assert sender.outbox.waiting() == 2
    ledger.deaf = False
    arrived(sender, ledger, 2)


def test_a_database_that_fails_for_a_while_only_delays(
    sender: Sender, ledger: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()

    def fail(*_: object) -> None:
        failed.set()
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patch:
        patch.setattr(sender.outbox, "pending_batches", fail)
        sender.start()
        sender.tap(5)
        assert failed.wait(10)
    arrived(sender, ledger, 5)
