"""Called wrongly, a command says in words what was wrong; it never shows a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from linli.commands.failure import Failure
from linli.commands.root import app
from linli.ledger.database import open_database

WIDE = {"COLUMNS": "300"}
BROKER = ("--broker", "127.0.0.1:1")


def linli(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env=WIDE)


def failure(*arguments: str) -> str:
    """What a command that exits with 1 says."""
    found = linli(*arguments).exception
    assert isinstance(found, Failure), found
    return str(found)


def usage(*arguments: str) -> str:
    """What a command that exits with 2 says."""
    done = linli(*arguments)
    assert done.exit_code == 2, done.exception
    return done.output


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    path = tmp_path / "ledger.db"
    open_database(path).dispose()
    return str(path)


@pytest.mark.parametrize("address", ["mysql://x/y", "postgresql://x/y", "a://", "", "://"])
def test_what_is_neither_sqlite_nor_postgresql_is_no_ledger(address: str) -> None:
    assert "postgresql+psycopg:///linli" in usage("ledger", "verify", "--database", address)


def test_to_look_for_a_ledger_by_its_sqlite_address_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert "no ledger at" in failure("ledger", "verify", "--database", f"sqlite:///{path}")
    assert not path.exists()


def test_a_file_that_is_no_database_is_named_without_a_programmers_words(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear neighbours, " * 100)
    said = failure("ledger", "verify", "--database", str(path))
    assert said.endswith("cannot be opened: file is not a database")
