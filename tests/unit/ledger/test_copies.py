"""The restore drill: a ledger is copied while it runs, lost, and brought back from the copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select
from typer.testing import CliRunner

from linli.commands.ledger import app
from linli.ledger.audit.verify import verify
from linli.ledger.copies import CopyError, back_up, restore
from linli.ledger.database import open_unchanged
from linli.ledger.people.schema import holder
from linli.town.cluster import Cluster
from tests.unit.ledger.village import Village


def address(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def elsewhere(village: Village, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A place of the same kind where there is no ledger."""
    if village.engine.dialect.name == "sqlite":
        yield str(tmp_path / "elsewhere.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield str(cluster.create("elsewhere"))
    cluster.drop("elsewhere")


def people(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(holder)).scalar_one()


def test_a_ledger_that_was_lost_comes_back_whole(
    village: Village, elsewhere: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    back_up(address(village.engine), copy)
    assert copy.stat().st_mode & 0o077 == 0
    restore(copy, elsewhere)
    back = open_unchanged(elsewhere)
    assert people(back) == people(village.engine) > 0
    assert verify(back) is None
    back.dispose()


def test_nothing_is_overwritten(village: Village, tmp_path: Path) -> None:
    copy, here = tmp_path / "copy", address(village.engine)
    back_up(here, copy)
    before = copy.read_bytes()
    with pytest.raises(CopyError, match="already"):
        back_up(here, copy)
    assert copy.read_bytes() == before
    with pytest.raises(CopyError, match=r"move it away|empty one"):
        restore(copy, here)
    assert people(village.engine) > 0


def test_half_a_copy_is_not_taken(village: Village, elsewhere: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(address(village.engine), copy)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    with pytest.raises(CopyError):
        restore(copy, elsewhere)
    if village.engine.dialect.name == "sqlite":
        assert not Path(elsewhere).exists()
    else:
        engine = create_engine(elsewhere)
        assert not engine.dialect.has_table(engine.connect(), "received")
        engine.dispose()


def test_what_is_no_copy_is_named(elsewhere: str, tmp_path: Path) -> None:
    other = tmp_path / "holiday.jpg"
    other.write_bytes(b"\xff\xd8 a picture")
    with pytest.raises(CopyError, match="no copy of a ledger"):
        restore(other, elsewhere)
    with pytest.raises(CopyError, match="cannot be read"):
        restore(tmp_path / "gone", elsewhere)


def test_a_full_disk_leaves_no_half_copy(village: Village, tmp_path: Path) -> None:
    with pytest.raises(CopyError):
        back_up(address(village.engine), tmp_path / "nowhere" / "copy")
    assert list(tmp_path.iterdir()) == []


def test_the_commands_do_the_drill(village: Village, elsewhere: str, tmp_path: Path) -> None:
    copy, run = str(tmp_path / "copy"), CliRunner()
    made = run.invoke(app, ["backup", copy, "--database", address(village.engine)])
    assert made.exit_code == 0, made.output
    back = run.invoke(app, ["restore", copy, "--database", elsewhere])
    assert back.exit_code == 0, back.output
    assert "is back" in back.output
    again = run.invoke(app, ["restore", copy, "--database", elsewhere])
    assert again.exit_code != 0
    shutil.rmtree(tmp_path, ignore_errors=True)
