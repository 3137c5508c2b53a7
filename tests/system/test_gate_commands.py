"""From a shell: the broker's files, a ledger that serves through them, and a newcomer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from doubles.gate import free_ports, listens
from doubles.waiting import eventually
from sqlalchemy import Engine, select

from linli.kiosk.settings import TerminalSettings, read_settings
from linli.ledger.database import open_database, reading
from linli.ledger.people.vault import KeyRing
from linli.ledger.terminals.claiming import Naming, confirm
from linli.ledger.terminals.schema import claim
from linli.ledger.web.app import make_app
from linli.ledger.web.enrolling import Gate
from linli.ledger.web.server import HttpServer
from linli.ledger.web.site import Site
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.town.control import ControlClient
from linli.town.processes import Child, VirtualDisplay, linli
from tests.unit.ledger.village import Village

RING = KeyRing("k1", {"k1": bytes(32)})


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "linli", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def shown_code(engine: Engine) -> str:
    """What the newcomer shows; "" before it has a code."""
    with reading(engine) as connection:
        return str(connection.execute(select(claim.c.code)).scalar() or "")


def test_enrol_over_the_commands_of_a_town(tmp_path: Path) -> None:
    database, passphrase = tmp_path / "ledger.db", tmp_path / "passphrase"
    engine = open_database(database)
    Village(engine, SystemClock().now())
    passphrase.write_text("correct horse battery staple\n")
    mqtt, ledger_mqtt, http = free_ports(3)
    authority = (
        *("--authority", str(tmp_path / "authority.pem")),
        *("--authority-passphrase", str(passphrase)),
    )
    written = run(
        *("broker", "config", str(tmp_path / "broker"), "--database", str(database)),
        *authority,
        *("--host-name", "127.0.0.1", "--port", str(mqtt), "--websockets", "0"),
        *("--ledger-port", str(ledger_mqtt), "--bind", "127.0.0.1"),
        *(("--run-as", "root") if os.geteuid() == 0 else ()),
    )
    assert written.returncode == 0, written.stderr
    url = f"http://127.0.0.1:{http}"
    config = tmp_path / "broker" / "mosquitto.conf"
    with Broker(tmp_path / "broker", mqtt, config=config):
        eventually(lambda: listens(ledger_mqtt))
        ledger = Child(
            linli(
                *("ledger", "serve", "--database", str(database)),
                *("--broker", f"127.0.0.1:{ledger_mqtt}", "--port", str(http)),
                *("--person-keys", str(tmp_path / "person.keys"), "--public-url", url),
                *("--broker-files", str(tmp_path / "broker"), *authority),
                *("--announce", f"127.0.0.1:{mqtt}"),
            ),
            tmp_path / "ledger.log",
        )
        place = tmp_path / "t2"
        newcomer = subprocess.Popen(
            [
                *(sys.executable, "-m", "linli", "terminal", "enrol", "--ledger", url),
                *("--settings", str(tmp_path / "terminal.toml"), "--data", str(place)),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            eventually(lambda: healthy(url), 40)
            eventually(lambda: shown_code(engine), 40)
            code = shown_code(engine)
            with engine.begin() as connection:
                naming = Naming("t2", "village", "centre", "阳光邻里中心")
                confirm(connection, code, naming, "wangli", SystemClock().now())
            assert newcomer.wait(30) == 0
            assert newcomer.stderr is not None
            said = newcomer.stderr.read()
            assert f"{code[:4]}-{code[4:]}" in said
            settings = read_settings(tmp_path / "terminal.toml", TerminalSettings)
            assert (settings.name, settings.connection.tls) == ("t2", True)
            acl = tmp_path / "broker" / "terminals.acl"
            eventually(lambda: "user t2" in acl.read_text())
        finally:
            newcomer.kill()
            ledger.stop()
            engine.dispose()


def test_a_broker_is_not_written_without_the_authoritys_passphrase(tmp_path: Path) -> None:
    open_database(tmp_path / "ledger.db").dispose()
    done = run(
        *("broker", "config", str(tmp_path / "broker"), "--database", str(tmp_path / "ledger.db")),
        *("--authority", str(tmp_path / "authority.pem")),
        *("--authority-passphrase", str(tmp_path / "none"), "--host-name", "127.0.0.1"),
    )
    assert done.returncode == 1
    assert "certificate authority cannot be used" in done.stderr


def test_a_ledger_without_the_brokers_files_says_what_to_run(tmp_path: Path) -> None:
    done = run(
        *("ledger", "serve", "--database", str(tmp_path / "ledger.db"), "--broker", "127.0.0.1:1"),
        *("--broker-files", str(tmp_path / "none")),
    )
    assert done.returncode == 1
    assert "linli broker config" in done.stderr


@pytest.mark.parametrize("url", ["http://points.example", "ftp://points.example", "points.example"])
def test_a_newcomer_asks_over_https_alone(tmp_path: Path, url: str) -> None:
    done = run(
        *("terminal", "enrol", "--ledger", url, "--settings", str(tmp_path / "terminal.toml")),
        *("--data", str(tmp_path)),
    )
    assert done.returncode == 1
    assert "https://" in done.stderr


def test_a_rescue_of_an_empty_card_says_so(tmp_path: Path) -> None:
    done = run("terminal", "rescue", str(tmp_path), "--ledger", "https://points.example", "--json")
    assert done.returncode == 1
    assert "terminal.db" in done.stderr
    assert not done.stdout or json.loads(done.stdout)


def test_enrol_on_the_screen_of_a_new_terminal_that_starts_as_one_then(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "ledger.db")
    Village(engine, SystemClock().now())
    (http,) = free_ports(1)
    url, site = f"http://127.0.0.1:{http}", Site(engine, SystemClock(), RING)
    server = HttpServer(
        make_app(engine, SystemClock(), site, Gate(None, "127.0.0.1", 1883)), "127.0.0.1", http
    )
    server.start()
    settings, control = tmp_path / "terminal.toml", tmp_path / "kiosk.sock"
    with VirtualDisplay(tmp_path / "display.log", "1280x800x24") as display:
        kiosk = Child(
            linli(
                *("kiosk", "--settings", str(settings), "--enrol", url),
                *("--data", str(tmp_path / "t2"), "--control", str(control), "--supervised"),
            ),
            tmp_path / "kiosk.log",
            {"DISPLAY": display.name, "SDL_VIDEODRIVER": "x11", "LP_NUM_THREADS": "1"},
        )
        try:
            hand = ControlClient(control, 60)
            eventually(lambda: shown_code(engine), 40)
            code = shown_code(engine)
            hand.do("screenshot", str(tmp_path / "code.png"))
            eventually(lambda: (tmp_path / "code.png").exists(), 20)
            hand.close()
            with engine.begin() as connection:
                naming = Naming("t2", "village", "centre", "阳光邻里中心")
                confirm(connection, code, naming, "wangli", SystemClock().now())
            eventually((tmp_path / "t2" / "terminal.db").exists, 60)
            assert read_settings(settings, TerminalSettings).name == "t2"
            assert kiosk.alive()
        finally:
            kiosk.stop()
            server.close()
            engine.dispose()
