"""The drill of docs/operations.md, "To any moment": PostgreSQL archives its log by the command that
stands there, the ledger is brought back to a moment, and a terminal sends again what came after."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from doubles.waiting import eventually
from sqlalchemy import Engine, create_engine, text

from linli.ledger.audit.verify import verify
from linli.ledger.database import open_database
from linli.town.cluster import Cluster
from tests.unit.ledger.village import Village

MANUAL = Path(__file__).parents[2] / "docs" / "operations.md"


def from_manual(setting: str, backup: Path) -> str:
    """A line of postgresql.conf as the manual has it, for another place."""
    found = re.search(rf"{setting} = '[^']*'", MANUAL.read_text("utf-8"))
    assert found is not None
    return found[0].replace("/backup", str(backup))


@pytest.fixture
def backup() -> Iterator[Path]:
    """Where the archive and the base are; PostgreSQL writes there as its own user."""
    directory = Path(tempfile.mkdtemp(prefix="linli-archive-"))
    (directory / "wal").mkdir()
    for path in (directory, directory / "wal"):
        path.chmod(0o777)
    yield directory
    shutil.rmtree(directory)


def set_(cluster: Cluster, *lines: str) -> None:
    with (cluster.data / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{line}\n" for line in lines)


def take_base(cluster: Cluster, where: Path) -> None:
    command = [cluster.program("pg_basebackup"), "-D", str(where), "-X", "none", "-c", "fast"]
    done = subprocess.run(
        [*command, "-h", cluster.host, "-U", "linli"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def moment(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT clock_timestamp()")).scalar_one())


def archive_all(cluster: Cluster) -> None:
    """The log so far is in the archive."""
    with psycopg.connect(host=cluster.host, user="linli", dbname="postgres") as connection:
        query = "SELECT pg_walfile_name(pg_switch_wal())"
        (last,) = connection.execute(query).fetchone() or ("",)
    assert last

    def archived() -> bool:
        with psycopg.connect(host=cluster.host, user="linli", dbname="postgres") as connection:
            found = connection.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
            return found is not None and str(found[0]) >= last

    eventually(archived)


def leads(cluster: Cluster) -> bool:
    """It has come to the moment, and takes new records."""
    with psycopg.connect(host=cluster.host, user="linli", dbname="postgres") as connection:
        return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)


def test_a_ledger_goes_back_to_any_moment_and_terminals_bring_what_came_after(backup: Path) -> None:
    cluster = Cluster()
    try:
        set_(cluster, "archive_mode = on", from_manual("archive_command", backup))
        cluster.start_again()
        engine = open_database(cluster.create("ledger"))
        village = Village(engine)
        village.send(village.check_in("a1", "visit", "10:05"))
        take_base(cluster, backup / "base")
        before = village.batch(village.check_in("a2", "visit", "10:06"))
        village.deliver(before)
        wanted = moment(engine)
        after = village.batch(village.check_in("a3", "visit", "10:07"))
        village.deliver(after)
        engine.dispose()
        archive_all(cluster)

        cluster.stand_on(backup / "base")
        set_(cluster, from_manual("restore_command", backup), f"recovery_target_time = '{wanted}'")
        set_(cluster, "recovery_target_action = 'promote'")
        (cluster.data / "recovery.signal").touch()
        cluster.start_again()
        eventually(lambda: leads(cluster))

        village.engine = create_engine(engine.url)
        assert [village.pending(who) for who in ("a1", "a2", "a3")] == [10, 10, 0]
        assert verify(village.engine) is None
        answer = village.deliver(before)
        assert answer is not None
        assert answer.watermark == 2, "the terminal was told 3: it looks back"
        village.deliver(after)
        assert village.pending("a3") == 10
        village.engine.dispose()
    finally:
        cluster.stop()
