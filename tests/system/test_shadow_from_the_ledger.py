"""From a maintainer's change in the ledger's database to the terminal and back, over a real
broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.settings import terminal_settings
from doubles.waiting import eventually
from sqlalchemy import Engine
from test_publisher import CLOCK, SCOPE, settle
from test_shadow_settings import Machine
from test_terminal import WorkingClock

from linli.kiosk.settings import Connection
from linli.ledger.database import open_database, reading
from linli.ledger.feed.publisher import Publisher
from linli.ledger.fleet.settings.reporting import ReportWatch
from linli.ledger.fleet.settings.wishes import Document, Said, said, want, wished
from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.link import Link
from linli.sync.messages import encode
from linli.sync.shadow_messages import Reported, ShadowState


class Ledger:
    """What of a running ledger has to do with settings; `one` is its terminal."""

    def __init__(self, engine: Engine, broker: Broker) -> None:
        self.engine = engine
        self.link = Link("ledger", "127.0.0.1", broker.port, "boot", CLOCK, "0", presence=False)
        self.publisher = Publisher(engine, self.link, CLOCK)
        self.reports = ReportWatch(engine, self.link, CLOCK)
        self.publisher.start()
        self.reports.start()
        self.link.start()
        eventually(lambda: self.link.online)

    def change(self, document: Document) -> None:
        with self.engine.begin() as connection:
            seen = wished(connection, "one").version
            want(connection, "one", document, seen, "郑浩", CLOCK.now())
        self.publisher.poke()

    def heard(self) -> Said | None:
        with reading(self.engine) as connection:
            return said(connection, "one")

    def hears(self, state: str) -> None:
        eventually(lambda: (answer := self.heard()) is not None and answer.state == state)

    def close(self) -> None:
        self.publisher.close()
        self.link.publish(topics.desired("one"), b"", retain=True)
        self.link.close()
        self.reports.close()


@pytest.fixture
def ledger(tmp_path: Path, broker: Broker) -> Iterator[Ledger]:
    engine = open_database(tmp_path / "ledger.db")
    settle(engine)
    ledger = Ledger(engine, broker)
    yield ledger
    ledger.close()
    engine.dispose()


@pytest.fixture
def machine(tmp_path: Path, broker: Broker) -> Iterator[Machine]:
    where = Connection(
        broker_host="127.0.0.1", broker_port=broker.port, ledger_url="http://127.0.0.1:9"
    )
    settings = terminal_settings(tmp_path / "one", where, name="one", scope=SCOPE)
    machine = Machine(settings, WorkingClock())
    yield machine
    machine.close()


def test_a_maintainers_change_is_in_force_and_the_ledger_knows(
    ledger: Ledger, machine: Machine
) -> None:
    ledger.change({"large_type": True})
    ledger.hears("trying")
    machine.starts_anew()
    assert machine.settings.large_type
    machine.a_minute_passes()
    ledger.hears("applied")


def test_a_maintainers_slip_is_answered_and_the_next_change_is_taken(
    ledger: Ledger, machine: Machine
) -> None:
    ledger.change({"volum": 3})
    ledger.hears("refused")
    answer = ledger.heard()
    assert answer
    assert (answer.version, answer.error) == (1, "unknown-key")
    ledger.change({"high_contrast": True})
    ledger.hears("trying")
    machine.starts_anew()
    assert machine.settings.high_contrast


def test_of_reports_that_come_together_each_is_kept_but_a_strangers(ledger: Ledger) -> None:
    for name in ("nobody", "one", "nobody"):
        told = Reported(terminal=name, version=4, state=ShadowState.APPLIED, at=CLOCK.now())
        assert ledger.link.publish(topics.reported(name), encode(told))
    ledger.hears("applied")
    answer = ledger.heard()
    assert answer is not None
    assert answer.version == 4
