"""Two people at the console look after a terminal: a clerk blocks a card, a maintainer lets the
terminal in and makes a wrong setting.

The broker is Mosquitto over TLS with the ledger's own files and access lists, the ledger is
`linli ledger serve`, the terminal is a program under its supervisor; only its window is missing.
What anybody does is done on the console's pages or with a card.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.gate import free_ports, listens
from doubles.waiting import eventually
from msgspec.structs import replace
from sqlalchemy import Engine, select
from test_gate_commands import healthy

from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.enrolling.newcomer import newcomer_at
from linli.kiosk.flows.enrol_views import EnrolStage
from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.supervisor.restarts import read_lines
from linli.ledger.activities.planning import plan
from linli.ledger.broker.files import BrokerFiles
from linli.ledger.broker.mosquitto import CONF, Listeners
from linli.ledger.database import open_database, reading
from linli.ledger.fleet.health.schema import terminal_presence
from linli.ledger.fleet.settings.wishes import said
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.terminals.authority_file import load_or_found, read_passphrase
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.shadow import PROBATION_S
from linli.town.clock import TownClock
from linli.town.control import ControlClient
from linli.town.marks import Mark, Marks
from linli.town.processes import Child, linli
from linli.town.web_visitor import WebVisitor
from tests.system import hurried_terminal
from tests.unit.ledger.village import Village, activity

ROOT = Path(__file__).parents[2]
CLOCK = SystemClock()
NAME, PASSWORD = "k1", "xiang-yang-2026"
NEW, ONE = "/console/terminals/new", "/console/terminals/one"
CARD, UID = "card-a1", bytes.fromhex("04000000000000")
WHY = "用新的地址连不上消息服务器或账本"
ANSWERS = ("Success", "Choose", "Points", "Refused")
START_S = 60.0
AWAY_S = 0.5
"""For so long a card is away before it is laid down again, or the reader takes it to have lain."""


class Centre:
    """A village's ledger with its broker, and a terminal in its centre that was let in."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database, self.broker_files = directory / "ledger.db", directory / "broker"
        self.clock = TownClock.create(directory / "clock", CLOCK.now())
        self.marks = Marks(directory / "trace")
        self.reader = SimulatedReader(directory / "reader")
        self.engine = _settled(self.database)
        self.mqtt, self._ledger_mqtt, http = free_ports(3)
        self.url = f"http://127.0.0.1:{http}"
        self._children = list[Child]()

    def start(self) -> None:
        authority = self._write_broker_files()
        config = self.broker_files / CONF
        self.broker = Broker(self.broker_files, self.mqtt, config=config)
        self.broker.start()
        eventually(lambda: listens(self._ledger_mqtt))
        self._run(
            "ledger",
            *linli("ledger", "serve", "--database", str(self.database)),
            *("--broker", f"127.0.0.1:{self._ledger_mqtt}", "--port", self.url.rpartition(":")[2]),
            *("--person-keys", str(self.directory / "person.keys"), "--public-url", self.url),
            *("--broker-files", str(self.broker_files), *authority),
            *("--announce", f"127.0.0.1:{self.mqtt}", "--clock", str(self.directory / "clock")),
        )
        eventually(lambda: healthy(self.url), START_S)
        self._enrol()
        names = ("terminal.toml", "clock", "trace", "control")
        files = [str(self.directory / name) for name in names]
        self._run("terminal", sys.executable, hurried_terminal.__file__, *files)
        eventually(self.online, START_S)

    def close(self) -> None:
        for child in reversed(self._children):
            child.stop()
            print(child.last_words(40))
        if hasattr(self, "broker"):
            self.broker.stop()
        self.reader.close()
        self.engine.dispose()

    # --- the terminal ----------------------------------------------------------------------------

    @property
    def settings_file(self) -> Path:
        return self.directory / "terminal.toml"

    @property
    def settings(self) -> TerminalSettings:
        return read_settings(self.settings_file, TerminalSettings)

    def tap(self) -> str:
        """What answers a card that is laid down; the terminal rests again then."""
        self.marks.fresh()
        self.reader.field.place(Ntag213(UID))
        try:
            answer = self.told("shown", *ANSWERS)
        finally:
            self.reader.field.remove()
        hand = ControlClient(self.directory / "control", START_S)
        hand.do("home")
        hand.close()
        self.told("shown", "Home")
        time.sleep(AWAY_S)
        return f"{answer['view']} {answer['said']}".strip()

    def told(self, what: str, *views: str) -> Mark:
        """The next such mark that the terminal leaves."""
        found = list[Mark]()

        def looked() -> bool:
            fresh = [mark for mark in self.marks.fresh() if mark["what"] == what]
            found.extend(mark for mark in fresh if not views or mark["view"] in views)
            return bool(found)

        eventually(looked, START_S)
        return found[0]

    def a_minute_passes(self) -> None:
        self.clock.set(self.clock.now() + dt.timedelta(seconds=PROBATION_S))

    # --- the ledger ------------------------------------------------------------------------------

    def at_console(self, login: str) -> WebVisitor:
        visitor = WebVisitor(self.url)
        visitor.open("/console/login")
        visitor.press("/console/login", login=login, password=PASSWORD)
        return visitor

    def online(self) -> bool:
        query = select(terminal_presence.c.online).where(terminal_presence.c.terminal == NAME)
        with reading(self.engine) as connection:
            return bool(connection.execute(query).scalar())

    def heard(self) -> str:
        """How the ledger was told that the last settings ended, so far."""
        with reading(self.engine) as connection:
            answer = said(connection, NAME)
        return "" if answer is None else answer.state

    # --- parts -----------------------------------------------------------------------------------

    def _run(self, name: str, *command: str) -> None:
        environment = {"PYTHONPATH": str(ROOT), "LP_NUM_THREADS": "1"}
        self._children.append(Child(command, self.directory / f"{name}.log", environment))

    def _write_broker_files(self) -> tuple[str, ...]:
        passphrase = self.directory / "passphrase"
        passphrase.write_text("correct horse battery staple\n")
        authority = (
            *("--authority", str(self.directory / "authority.pem")),
            *("--authority-passphrase", str(passphrase)),
        )
        key = load_or_found(Path(authority[1]), read_passphrase(passphrase), CLOCK.now())
        listeners = Listeners(
            mqtt=self.mqtt,
            websockets=None,
            ledger=self._ledger_mqtt,
            bind="127.0.0.1",
            run_as="root" if os.geteuid() == 0 else "",
        )
        BrokerFiles(self.broker_files, key, CLOCK, ("127.0.0.1",)).write_all(listeners, [], [])
        return authority

    def _enrol(self) -> None:
        data = self.directory / "terminal"
        newcomer = newcomer_at(
            self.url, self.settings_file, data, board=False, place="南门", websockets=False
        )
        code = newcomer.step().code
        maintainer = self.at_console("zhenghao")
        maintainer.open(f"{NEW}?code={code}")
        naming = {"name": NAME, "centre": "centre", "centre_name": "阳光邻里中心"}
        maintainer.press(NEW, compared="yes", **naming)
        assert newcomer.step().stage is EnrolStage.ENROLLED, maintainer.text
        text = self.settings_file.read_text(encoding="utf-8")
        plugged_in = f'readers = ["{self.reader.path}"]\n\n[connection]'
        text = text.replace("[connection]", plugged_in, 1)
        self.settings_file.write_text(text, encoding="utf-8")
        assert self.settings.connection.tls
        lists = self.broker_files / "terminals.acl"
        eventually(lambda: f"user {NAME}" in lists.read_text())


def _settled(database: Path) -> Engine:
    engine = open_database(database)
    Village(engine, CLOCK.now())
    workers = (
        NewWorker("liufang", "刘芳", Role.CLERK, "village", None),
        NewWorker("zhenghao", "郑浩", Role.MAINTAINER, "village", None),
    )
    now = CLOCK.now()
    starts, ends = now - dt.timedelta(minutes=10), now + dt.timedelta(hours=2)
    today = replace(activity("today", "D01", 10, "10:00-11:00"), starts_at=starts, ends_at=ends)
    with engine.begin() as connection:
        for worker in workers:
            hire(connection, worker, PASSWORD, now, must_change=False)
        plan(connection, "village", [today], StandardShelf().read(connection), now)
    return engine


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    centre = Centre(tmp_path_factory.mktemp("centre"))
    try:
        centre.start()
        yield centre
    finally:
        centre.close()


def test_an_enrolled_terminal_refuses_a_card_that_a_clerk_blocks_at_the_console(
    centre: Centre,
) -> None:
    eventually(lambda: centre.tap() == "Success", START_S)
    clerk = centre.at_console("liufang")
    clerk.open(f"/console/cards/stop?id={CARD}")
    clerk.press("/console/cards/stop")
    assert "已挂失" in clerk.text
    eventually(lambda: centre.tap() == "Refused blocked_card", START_S)


def test_shadow_settings_with_a_broker_that_is_not_there_come_back_and_the_page_says_why(
    centre: Centre,
) -> None:
    (nobody,) = free_ports(1)
    maintainer = centre.at_console("zhenghao")
    assert "已自动恢复" not in maintainer.open(f"{ONE}?name={NAME}")
    assert WHY not in maintainer.text
    told = {"broker_port": str(nobody), "password": PASSWORD, "why": "换了消息服务器"}
    centre.marks.fresh()
    maintainer.press(f"{ONE}/settings", name=NAME, whom="one", **told)
    assert centre.told("began")["port"] == nobody
    eventually(lambda: not centre.online())
    eventually(lambda: centre.heard() == "trying")
    centre.a_minute_passes()
    assert centre.told("began")["port"] == centre.mqtt
    eventually(lambda: centre.heard() == "failed" and centre.online(), START_S)
    page = maintainer.open(f"{ONE}?name={NAME}")
    assert "已自动恢复原来的设置" in page
    assert WHY in page
    restarts = read_lines(centre.settings.data / "restarts.jsonl")
    assert len(restarts) == 2
    assert all('"asked"' in line for line in restarts)
