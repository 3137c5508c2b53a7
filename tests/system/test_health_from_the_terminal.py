"""From a reader that is pulled out to the fleet's list and back, over a real broker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.centre import SCOPE
from doubles.waiting import eventually
from sqlalchemy import Engine
from test_terminal import Town

from linli.kiosk.health.wiring import terminal_reporter
from linli.kiosk.peripherals.plugged_in import PluggedIn
from linli.ledger.database import open_database, reading
from linli.ledger.fleet.health.listing import Device, fleet
from linli.ledger.fleet.health.presence import PresenceWatch
from linli.ledger.fleet.health.problems import Kind
from linli.ledger.fleet.health.watch import HealthWatch
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.terminals.registry import register
from linli.sync.broker import Broker
from linli.sync.link import Link
from linli.sync.signing import public_hex

STEP_S = 0.2


class Fleet:
    """What of a running ledger has to do with how terminals are."""

    def __init__(self, engine: Engine, town: Town) -> None:
        self.engine, self.town = engine, town
        now = town.clock.now()
        with engine.begin() as connection:
            add_orgs(connection, [NewOrg("street", None, "street", "街道")], now)
            add_orgs(connection, [NewOrg(SCOPE, "street", "community", "社区")], now)
            key, name = public_hex(town.key), town.settings.name
            where = {"kind": "terminal", "scope": SCOPE, "centre": "centre", "now": now}
            register(connection, name=name, public_key=key, **where)
        port = town.broker.port
        self.link = Link("fleet", "127.0.0.1", port, "boot", town.clock, "0", presence=False)
        self.watches = (
            HealthWatch(engine, self.link, town.clock, 0.02),
            PresenceWatch(engine, self.link, town.clock),
        )
        for watch in self.watches:
            watch.start()
        self.link.start()

    @property
    def device(self) -> Device:
        with reading(self.engine) as connection:
            (one,) = fleet(connection, self.town.clock.now())
        return one

    def has(self, *kinds: Kind) -> None:
        """Soon, while time passes."""

        def so() -> bool:
            self.town.clock.wall += dt.timedelta(seconds=STEP_S)
            self.town.clock.ahead += STEP_S
            # How full the disk of this machine is has nothing to do with the terminal.
            found = [one.kind for one in self.device.problems if one.kind is not Kind.DISK]
            return found == [*kinds]

        eventually(so)

    def close(self) -> None:
        self.link.close()
        for watch in self.watches:
            watch.close()


@pytest.fixture
def town(tmp_path: Path, broker: Broker) -> Iterator[Town]:
    town = Town(tmp_path, broker)
    yield town
    town.close()


@pytest.fixture
def fleet_of(town: Town, tmp_path: Path) -> Iterator[Fleet]:
    engine = open_database(tmp_path / "ledger.db")
    made = Fleet(engine, town)
    yield made
    made.close()
    engine.dispose()


def test_a_reader_that_is_pulled_out_needs_somebody_until_it_is_back(
    town: Town, fleet_of: Fleet
) -> None:
    terminal = town.open()
    reporter = terminal_reporter(
        town.settings, terminal, PluggedIn(), town.clock, trial=False, look_s=0.02
    )
    reporter.start(lambda act: act())
    town.ready(terminal)
    eventually(lambda: fleet_of.device.online and fleet_of.device.vitals is not None)
    fleet_of.has()
    town.reader.unplug()
    eventually(lambda: not terminal.reception.readers_up["reader-1"])
    fleet_of.has(Kind.READER)
    town.reader.replug()
    eventually(lambda: terminal.reception.readers_up["reader-1"])
    fleet_of.has()
    reporter.close()
    terminal.close()
    fleet_of.has(Kind.OFFLINE)
