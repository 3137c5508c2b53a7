"""The public record as a stranger meets it: over HTTP, with the public key alone."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from linli.ledger.database import open_database
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer
from linli.sync.clock import SystemClock
from tests.unit.ledger.village import Village

ORIGIN = "points.example/linli"


def linli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "linli", "ledger", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Served:
    """A ledger with two posted deeds, its HTTP, and a checkpoint by the command."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = directory / "ledger.db"
        self.village = Village(open_database(self.database))
        self.post("a1", "a2")
        self.key = self.checkpoint()
        self.http = HttpServer(make_app(self.village.engine, SystemClock()), "127.0.0.1", 0)
        self.http.start()
        self.url = f"http://127.0.0.1:{self.http.port}"

    def post(self, *people: str) -> None:
        village = self.village
        village.send(*[village.check_in(who, "visit", "10:05") for who in people])
        village.decide(*[f"visit.{who}" for who in people])

    def checkpoint(self) -> str:
        done = linli(
            *("checkpoint", "--database", str(self.database), "--origin", ORIGIN),
            *("--key", str(self.directory / "log.key")),
        )
        found = re.search(r"public key: (\S+)", done.stdout)
        assert found, done.stderr
        return found[1]

    def audit(self, *more: str) -> subprocess.CompletedProcess[str]:
        return linli("audit", "--url", self.url, "--key", self.key, *more)

    def close(self) -> None:
        self.http.close()
        self.village.engine.dispose()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.close()


def test_a_stranger_finds_it_in_order(served: Served) -> None:
    done = served.audit("--json")
    assert (done.returncode, json.loads(done.stdout)["size"]) == (0, 2), done.stderr


def test_who_comes_back_sees_that_it_only_grew(served: Served, tmp_path: Path) -> None:
    seen = str(tmp_path / "seen")
    served.audit("--seen", seen)
    served.post("a3")
    served.checkpoint()
    done = served.audit("--seen", seen)
    assert "3 leaves, grown from the 2 seen before" in done.stdout, done.stderr


def test_a_tampered_copy_is_found(served: Served) -> None:
    with sqlite3.connect(served.database) as connection:
        connection.execute(
            "UPDATE log_leaf SET leaf = (SELECT leaf FROM log_leaf WHERE place = 0) WHERE place = 1"
        )
    done = served.audit("--json")
    assert (done.returncode, json.loads(done.stdout)["fault"]) == (1, "changed-leaf")


def test_another_key_is_not_believed(served: Served, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Served(tmp_path / "other")
    done = linli("audit", "--url", served.url, "--key", other.key)
    other.close()
    assert done.returncode == 1
    assert "bad-signature" in done.stderr


def test_the_leader_cosigns_and_the_stranger_can_ask_for_it(served: Served, tmp_path: Path) -> None:
    arguments = (
        *("cosign", "--database", str(served.database), "--url", served.url),
        *("--log-key", served.key, "--key", str(tmp_path / "leader.key")),
        *("--name", "leader.village", "--seen", str(tmp_path / "leader.seen")),
    )
    done = linli(*arguments)
    found = re.search(r"public key: (\S+)", done.stdout)
    assert found, done.stderr
    assert "leader.village" in served.audit("--json", "--cosigner", found[1]).stdout
    served.post("a4")
    served.checkpoint()
    assert served.audit("--cosigner", found[1]).returncode == 1
    assert linli(*arguments).returncode == 0
    assert served.audit("--cosigner", found[1]).returncode == 0


def test_a_ledger_that_is_not_there_is_said_to_be_so(served: Served) -> None:
    done = linli("audit", "--url", "http://127.0.0.1:1", "--key", served.key)
    assert done.returncode == 1
    assert "could not be read" in done.stderr


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("inclusion?place=0&size=2", 200),
        ("inclusion?place=2&size=2", 404),
        ("consistency?first=1&second=2", 200),
        ("consistency?first=0&second=2", 404),
        ("consistency?first=2&second=9", 404),
        ("leaves?begin=0&end=99999999", 200),
        ("leaves?begin=-1&end=2", 422),
        ("leaves?begin=1e9&end=x", 422),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(served: Served, path: str, status: int) -> None:
    assert requests.get(f"{served.url}/v1/record/{path}", timeout=10).status_code == status
