"""Whole copies of a ledger's database, taken while it runs, and the way back.

A copy is the ledger of one moment: SQLite's own online backup (SQLite, "Online Backup API"), or
PostgreSQL's archive (pg_dump's custom format). It is made beside its place and gets its name once
it is whole and on the disk. Personal data in it is sealed as in the ledger: without `person.keys`
nobody reads a name of it.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url

SQLITE, ARCHIVE = b"SQLite format 3\x00", b"PGDMP"
"""How either kind of copy begins."""
PAGES = 4096
"""Copied before others may write in between."""


class CopyError(OSError):
    """A copy was not made or not taken back; the text says why, and what to do."""


def back_up(database: str, file: Path) -> None:
    """Raises CopyError; then there is no `file`, and what there was is as before."""
    if file.exists():
        raise CopyError(f"there is a file {file} already: give the copy a name of its own")
    making = file.with_name(f".{file.name}.making")
    try:
        making.unlink(missing_ok=True)
        if _is_server(database):
            _run("pg_dump", make_url(database), "--format=custom", f"--file={making}")
        else:
            _copy(_path(database), making)
        _keep(making, file)
    except OSError as error:
        making.unlink(missing_ok=True)
        raise CopyError(f"{file} was not made: {error}") from error


def restore(file: Path, database: str) -> None:
    """Into a place where there is no ledger. Raises CopyError; then there is still none."""
    begins = _beginning(file)
    if _is_server(database):
        if begins[: len(ARCHIVE)] != ARCHIVE:
            raise CopyError(f"{file} is no copy of a ledger on PostgreSQL")
        _want_empty(make_url(database))
        _run("pg_restore", make_url(database), "--single-transaction", "--no-owner", str(file))
        return
    if begins != SQLITE:
        raise CopyError(f"{file} is no copy of a ledger on SQLite")
    place = _path(database)
    if place.exists():
        raise CopyError(f"there is a ledger at {place}: move it away first, nothing is overwritten")
    making = place.with_name(f".{place.name}.making")
    try:
        making.unlink(missing_ok=True)
        _copy(file, making)
        _keep(making, place)
    except OSError as error:
        making.unlink(missing_ok=True)
        raise CopyError(f"{place} was not restored: {error}") from error


def _copy(source: Path, target: Path) -> None:
    """Raises OSError."""
    if not source.is_file():
        raise CopyError(f"there is no ledger at {source}")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new, pages=PAGES)
            (found,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise CopyError(f"SQLite says: {error}") from error
    if found != "ok":
        raise CopyError(f"{source} is damaged: {found}")


def _keep(making: Path, place: Path) -> None:
    for path in (making, making.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path is making:
            making.chmod(0o600)
            making.rename(place)


def _run(program: str, url: URL, *arguments: str) -> None:
    """Raises CopyError with what the program said."""
    where = {"PGHOST": url.query.get("host") or url.host, "PGPORT": url.port}
    where |= {"PGUSER": url.username, "PGPASSWORD": url.password}
    # Not among the arguments, which everybody on the machine may see.
    known = {name: str(value) for name, value in where.items() if value}
    try:
        done = subprocess.run(
            [program, f"--dbname={url.database or ''}", *arguments],
            env={**os.environ, **known},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CopyError(f"{program} is missing: install postgresql-client") from error
    if done.returncode:
        raise CopyError(f"{program} says: {done.stderr.strip()}")


def _want_empty(url: URL) -> None:
    engine = create_engine(url)
    try:
        tables = inspect(engine).get_table_names()
    finally:
        engine.dispose()
    if tables:
        raise CopyError(f"there is something in the database {url.database}: make an empty one")


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as copy:
            return copy.read(len(SQLITE))
    except OSError as error:
        raise CopyError(f"{file} cannot be read: {error.strerror}") from error


def _is_server(database: str) -> bool:
    return "://" in database and not database.startswith("sqlite")


def _path(database: str) -> Path:
    return Path(database.removeprefix("sqlite:///"))
