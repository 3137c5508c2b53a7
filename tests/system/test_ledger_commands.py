"""`linli ledger …` as somebody at a shell meets it: words, JSON, exit codes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from linli.ledger.database import open_database
from tests.unit.ledger.village import Village

STANDARD = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")


def linli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "linli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    village = Village(open_database(tmp_path / "ledger.db"))
    village.send(village.check_in("a1", "visit", "10:05"), village.check_in("x", "visit", "10:06"))
    village.deliver(b"rubbish")
    village.engine.dispose()
    return tmp_path / "ledger.db"


def test_verify_says_that_a_sound_ledger_is_sound(database: Path) -> None:
    done = linli("ledger", "verify", "--database", str(database))
    assert done.returncode == 0
    assert "the ledger is what its events make it" in done.stdout


def test_verify_names_the_first_difference_and_exits_with_1(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE standing SET points = 99 WHERE account = 'a1'")
    done = linli("ledger", "verify", "--database", str(database), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False
    assert "standing of a1" in done.stderr


def test_verify_of_a_file_that_is_not_there_makes_none(tmp_path: Path) -> None:
    done = linli("ledger", "verify", "--database", str(tmp_path / "none.db"))
    assert done.returncode == 1
    assert "check --database" in done.stderr
    assert not (tmp_path / "none.db").exists()


def test_verify_makes_no_ledger_of_what_is_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    done = linli("ledger", "verify", "--database", str(empty))
    assert done.returncode == 1
    assert "is no ledger" in done.stderr
    assert sqlite3.connect(empty).execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_parked_prints_nothing_that_moves_the_cursor(tmp_path: Path) -> None:
    village = Village(open_database(tmp_path / "ledger.db"))
    village.send(village.check_in("x\x1b[2J\r\nevil", "visit", "10:05"))
    village.engine.dispose()
    done = linli("ledger", "parked", "--database", str(tmp_path / "ledger.db"))
    (line,) = done.stdout.splitlines()
    assert "\\x1b[2J\\r\\nevil" in line


def test_parked_shows_what_was_set_aside_and_why(database: Path) -> None:
    done = linli("ledger", "parked", "--database", str(database))
    assert done.returncode == 0
    assert "t1 event 2  unknown-account: there is no account x" in done.stdout
    assert "unreadable" in done.stdout
    found = json.loads(linli("ledger", "parked", "--database", str(database), "--json").stdout)
    assert {entry["reason"] for entry in found} == {"unknown-account", "unreadable"}


def test_import_standard_takes_the_starting_standard_once(tmp_path: Path) -> None:
    (tmp_path / "standard.yaml").write_text(STANDARD, encoding="utf-8")
    arguments = ("ledger", "import-standard", str(tmp_path / "standard.yaml"))
    arguments += ("--database", str(tmp_path / "ledger.db"))
    assert "7 classes, 35 items, taken" in linli(*arguments).stdout
    assert "was there already" in linli(*arguments).stdout


def test_import_standard_says_where_a_standard_is_wrong(tmp_path: Path) -> None:
    text = STANDARD.replace("points: 20", "points: -20", 1)
    (tmp_path / "standard.yaml").write_text(text, encoding="utf-8")
    done = linli(
        *("ledger", "import-standard", str(tmp_path / "standard.yaml")),
        *("--database", str(tmp_path / "ledger.db")),
    )
    assert done.returncode == 1
    assert "standard.yaml: line" in done.stderr
    assert "points" in done.stderr


def test_a_command_called_wrongly_exits_with_2() -> None:
    assert linli("ledger", "verify").returncode == 2
    assert linli("ledger", "serve", "--database", "x.db", "--broker", "nowhere").returncode == 2
    pages = ("--broker", "127.0.0.1:1", "--person-keys", "k")
    assert linli("ledger", "serve", "--database", "x.db", *pages).returncode == 2
