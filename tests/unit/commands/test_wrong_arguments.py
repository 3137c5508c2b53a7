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


def test_the_version_is_told_by_a_flag_too() -> None:
    assert linli("--version").output == linli("version").output


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


@pytest.mark.parametrize("broker", ["here", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:²", ":1"])
def test_a_broker_without_a_port_that_exists_is_refused(ledger: str, broker: str) -> None:
    said = usage("ledger", "serve", "--database", ledger, "--broker", broker)
    assert "a broker looks like 127.0.0.1:1883" in said


def test_a_port_that_cannot_exist_is_refused(ledger: str) -> None:
    said = usage("ledger", "serve", "--database", ledger, *BROKER, "--port", "65536")
    assert "--port" in said


@pytest.mark.parametrize("option", ["--bind", "--ledger-bind"])
def test_a_broker_listens_at_no_word(ledger: str, tmp_path: Path, option: str) -> None:
    near = ("--database", ledger, "--authority", str(tmp_path), "--host-name", "hall")
    opened = ("--authority-passphrase", str(tmp_path / "passphrase"))
    said = usage("broker", "config", str(tmp_path), *near, *opened, option, "nonsense")
    assert "'nonsense' is no address, such as 0.0.0.0 or ::1" in said


def test_a_file_that_is_no_towns_clock_is_named(ledger: str, tmp_path: Path) -> None:
    short = tmp_path / "clock"
    short.write_bytes(b"x")
    for path in (short, tmp_path):
        said = failure("ledger", "calendar", "show", "--database", ledger, "--clock", str(path))
        assert str(path) in said


def test_no_month_of_a_community_that_is_not_there_is_frozen(ledger: str) -> None:
    of = ("--database", ledger, "--scope", "nowhere", "--month", "2026-01")
    assert "no community 'nowhere'" in failure("ledger", "month", "freeze", *of)


def test_a_year_without_candidates_is_said(ledger: str) -> None:
    done = linli("ledger", "award", "list", "--database", ledger, "--scope", "a", "--year", "2026")
    assert "nobody is proposed in a for 2026" in done.output


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (["dance"], "'dance' is none of restart, self-test"),
        (["restart"], "restart: missing required field `part`"),
        (["collect-logs", "lines=many"], "of `lines`"),
    ],
)
def test_a_task_that_is_none_is_refused_with_what_there_is(
    ledger: str, task: list[str], says: str
) -> None:
    assert says in usage("fleet", "give", "hall-1", *task, "--database", ledger)


def test_a_job_cannot_wait_for_ever(ledger: str) -> None:
    hours = ("--hours", "99999999999")
    assert "--hours" in usage("fleet", "give", "hall-1", "self-test", "--database", ledger, *hours)


def test_nothing_is_published_where_there_are_no_releases(tmp_path: Path) -> None:
    said = failure("release", "publish", str(tmp_path), "--keys", str(tmp_path))
    assert "holds no releases" in said


def test_an_update_without_the_root_of_trust_says_what_is_missing(tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    at = ("--data", str(tmp_path), "--root", str(root))
    assert f"{root} cannot be read" in failure("terminal", "update", str(tmp_path), *at)


def test_a_reader_that_is_not_there_is_not_waited_for(tmp_path: Path) -> None:
    port = tmp_path / "reader"
    assert f"there is no {port}" in failure("terminal", "maintainer-card", "--reader", str(port))


def test_a_file_of_changes_that_cannot_be_read_is_named(ledger: str, tmp_path: Path) -> None:
    chinese = tmp_path / "changes.yaml"
    chinese.write_bytes("调整".encode("gb18030"))
    for path in (chinese, tmp_path / "none.yaml", tmp_path):
        said = failure("ledger", "standard", "adjust", str(path), "--database", ledger, "--by", "x")
        assert said.startswith(f"{path} cannot be read")


def test_a_records_key_that_cannot_be_used_is_named(ledger: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("no key")
    for path in (other, tmp_path, tmp_path / "none" / "key"):
        said = failure("ledger", "serve", "--database", ledger, *BROKER, "--record-key", str(path))
        assert str(path) in said
        assert "http" not in said


def test_a_checkpoint_seen_last_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    key = "a+ca8985ca+ASscSAQUU6yR/QyKVOQWh8mN7Tb1mq/i+1LgSgSa2bs9"
    seen = tmp_path / "seen"
    seen.write_bytes(b"\xff\xfe")
    of = ("--url", "http://127.0.0.1:1", "--key", key, "--seen", str(seen))
    assert str(seen) in failure("ledger", "audit", *of)


def test_only_the_whole_program_offers_no_completion_of_a_shell() -> None:
    for group in ("ledger", "broker", "fleet", "terminal", "card", "release"):
        assert "--install-completion" not in linli(group, "--help").output
