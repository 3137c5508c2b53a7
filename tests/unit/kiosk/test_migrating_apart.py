"""terminal.db is made and brought up to date in a program of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from linli.kiosk.store import database
from linli.kiosk.store.database import NEWEST, NewerDatabaseError, migrate_apart, open_database


def version(path: Path) -> str:
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    finally:
        engine.dispose()


def set_version(path: Path, number: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": number})
    engine.dispose()


def test_a_first_start_opens_its_database_without_loading_alembic(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from linli.kiosk.store.database import *;"
        "path = Path(sys.argv[1]); migrate_apart(path); open_database(path).dispose();"
        "print('alembic' in sys.modules)"
    )
    path = tmp_path / "terminal.db"
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), version(path)) == ("False", NEWEST)


def test_where_nothing_is_due_no_program_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "terminal.db"
    open_database(path).dispose()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a program was begun"))
    migrate_apart(path)


def test_what_cannot_be_done_apart_is_done_at_the_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "terminal.db"
    monkeypatch.setattr(database.sys, "executable", str(tmp_path / "no-python"))
    migrate_apart(path)
    open_database(path).dispose()
    assert version(path) == NEWEST


def test_a_schema_of_a_newer_version_is_left_to_the_opening_which_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "terminal.db"
    open_database(path).dispose()
    set_version(path, "0999")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA user_version = 999"))
    engine.dispose()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a program was begun"))
    migrate_apart(path)
    with pytest.raises(NewerDatabaseError):
        open_database(path)
