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

from linli.kiosk.settings import TerminalSettings, read_settings
from linli.ledger.database import open_database
from linli.ledger.terminals.claiming import Naming, confirm
from linli.ledger.terminals.schema import claim
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.town.processes import Child, linli
from tests.unit.ledger.village import Village


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
            with engine.connect() as connection:
                eventually(lambda: connection.execute(claim.select()).first(), 40)
                code = connection.execute(claim.select()).one().code
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
