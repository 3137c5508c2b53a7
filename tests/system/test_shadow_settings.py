"""A terminal is given other settings over a real broker, and keeps those that it can live with."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest
from doubles.settings import terminal_settings
from doubles.waiting import eventually
from test_terminal import WorkingClock

from linli.kiosk.remote.keeper import ShadowKeeper
from linli.kiosk.remote.keeping import begin
from linli.kiosk.remote.wiring import around
from linli.kiosk.settings import Connection, TerminalSettings
from linli.kiosk.terminal import Terminal
from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.link import Link
from linli.sync.messages import encode
from linli.sync.parsing import parse
from linli.sync.shadow import PROBATION_S, Document
from linli.sync.shadow_messages import Desired, Reported, ShadowFault, ShadowState


class Office:
    """The ledger's end: it says what it wants, and hears what became of it."""

    def __init__(self, broker: Broker, clock: WorkingClock) -> None:
        self.link = Link(
            "office", "127.0.0.1", broker.port, "b", clock, "1", presence=False, random=Random(1)
        )
        self.heard: queue.Queue[Reported] = queue.Queue()
        self.link.subscribe(topics.reported("t-1"), self._hear)
        self.link.start()
        eventually(lambda: self.link.online)

    def _hear(self, _topic: str, payload: bytes) -> None:
        self.heard.put(parse(payload, Reported))

    def want(self, version: int, doc: Document) -> None:
        wish = Desired(version=version, doc=msgspec.Raw(msgspec.json.encode(doc)))
        self.say(encode(wish))

    def say(self, payload: bytes) -> None:
        self.link.publish(topics.desired("t-1"), payload, retain=True)

    def hears(self, state: ShadowState) -> Reported:
        while True:
            said = self.heard.get(timeout=20)
            if said.state is state:
                return said


class Machine:
    """One terminal that is started anew whenever it asks for that."""

    def __init__(self, local: TerminalSettings, clock: WorkingClock) -> None:
        self.local, self.clock = local, clock
        self.asked = False
        self._start()

    def _start(self) -> None:
        self.asked = False
        begun = begin(self.local)
        self.settings = begun.settings
        self.terminal = Terminal(begun.settings, self.clock, [], lambda _: None)
        looked_at = around(
            begun, self.terminal, lambda: True, lambda: True, self._ask, self.local.data
        )
        self.keeper = ShadowKeeper(begun, self.terminal.link, self.clock, looked_at)
        self.keeper.start()
        self.terminal.start()

    def _ask(self) -> None:
        self.asked = True

    def starts_anew(self) -> None:
        eventually(lambda: self.asked)
        self.close()
        self._start()

    def a_minute_passes(self) -> None:
        self.clock.ahead += PROBATION_S

    def close(self) -> None:
        self.keeper.close()
        self.terminal.close()


@pytest.fixture
def clock() -> WorkingClock:
    return WorkingClock()


@pytest.fixture
def office(broker: Broker, clock: WorkingClock) -> Iterator[Office]:
    office = Office(broker, clock)
    yield office
    office.say(b"")
    office.link.close()


@pytest.fixture
def machine(tmp_path: Path, broker: Broker, clock: WorkingClock) -> Iterator[Machine]:
    where = Connection(
        broker_host="127.0.0.1", broker_port=broker.port, ledger_url="http://127.0.0.1:9"
    )
    machine = Machine(terminal_settings(tmp_path, where), clock)
    yield machine
    machine.close()


def test_a_setting_is_tried_proven_and_reported(office: Office, machine: Machine) -> None:
    office.want(1, {"sound": {"volume": 30}})
    assert office.hears(ShadowState.TRYING).version == 1
    machine.starts_anew()
    assert machine.settings.sound
    machine.a_minute_passes()
    assert office.hears(ShadowState.APPLIED).version == 1
    assert not machine.asked


def test_a_wrong_broker_address_comes_back_by_itself(office: Office, machine: Machine) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        office.want(1, {"connection": {"broker_port": nobody.getsockname()[1]}})
        machine.starts_anew()
        assert machine.settings.connection != machine.local.connection
        machine.a_minute_passes()
        machine.starts_anew()
    assert machine.settings == machine.local
    assert office.hears(ShadowState.FAILED).error is ShadowFault.NO_BROKER


def test_a_screen_that_is_not_there_comes_back_by_itself(office: Office, machine: Machine) -> None:
    office.want(1, {"display": {"output": "HDMI-A-9"}})
    machine.starts_anew()
    machine.a_minute_passes()
    machine.starts_anew()
    assert machine.settings == machine.local
    assert office.hears(ShadowState.FAILED).error is ShadowFault.NO_DISPLAY


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (b'{"version":7,"doc":{"volum":1}}', ShadowFault.UNKNOWN_KEY),
        (b"no JSON", ShadowFault.NOT_READABLE),
        (b'{"version":7,"doc":{"language":"' + b"x" * 9000 + b'"}}', ShadowFault.TOO_LARGE),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    office: Office, machine: Machine, payload: bytes, fault: ShadowFault
) -> None:
    office.say(payload)
    assert office.hears(ShadowState.REFUSED).error is fault
    assert not machine.asked
