"""A PostgreSQL server of our own: Debian's programs, a directory, a socket in it. Tests and
benchmarks start one for themselves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
START_S = 30.0
IN_MEMORY, ROOM = "/dev/shm", 512 * 1024 * 1024


class ClusterError(RuntimeError):
    """The server could not be started; the text says why."""


class Cluster:
    """Started when made. A `durable` one keeps what it commits on the disk, as it does in earnest;
    the others are in memory where there is room: a database for each test is a copy of some 300
    files. PostgreSQL refuses to run as root: there it runs as `postgres`, the user that Debian's
    package makes."""

    def __init__(self, *, durable: bool = False) -> None:
        # Short: a socket's path has room for some 100 characters.
        where = None if durable else _in_memory()
        self._directory = Path(tempfile.mkdtemp(prefix="linli-pg-", dir=where))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self._directory, "postgres", "postgres")
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}
        data = self._directory / "data"
        self._run(
            "initdb", "-D", str(data), "-A", "trust", "-U", "linli", "-E", "UTF8", "--no-sync"
        )
        self._durable = durable
        self._start()

    @property
    def data(self) -> Path:
        """Its files, `postgresql.conf` among them."""
        return self._directory / "data"

    @property
    def host(self) -> str:
        """Where its socket is, as its clients want to be told."""
        return str(self._directory)

    def start_again(self) -> None:
        """With what its settings are now. Raises ClusterError."""
        self._end()
        self._start()

    def stand_on(self, base: Path) -> None:
        """Stops it, and puts a copy of another's files into the place of its own; `start_again`."""
        self._end()
        shutil.rmtree(self.data)
        shutil.copytree(base, self.data)
        for path in (self.data, *self.data.rglob("*")):
            if self._as:
                shutil.chown(path, "postgres", "postgres")
        self.data.chmod(0o700)

    def create(self, name: str, template: str = "template0") -> str:
        """A new database as a copy of another; returns its URL."""
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        return f"postgresql+psycopg://linli@/{name}?host={self._directory}"

    def drop(self, name: str) -> None:
        words = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        self._admin.execute(words.format(sql.Identifier(name)))

    def stop(self) -> None:
        self._end()
        shutil.rmtree(self._directory)

    @staticmethod
    def program(name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return _program(name)

    def _start(self) -> None:
        settings = [] if self._durable else [part for one in NOT_DURABLE for part in ("-c", one)]
        command = [_program("postgres"), "-D", str(self.data), "-k", str(self._directory)]
        with (self._directory / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [*command, "-h", "", *settings, "-c", "max_connections=60"],
                cwd=self._directory,
                stdout=log,
                stderr=log,
                **self._as,
            )
        self._admin = self._connect()

    def _end(self) -> None:
        self._admin.close()
        self._server.send_signal(signal.SIGINT)  # whoever is connected still is sent away
        self._server.wait(20)

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [_program(command[0]), *command[1:]],
            cwd=self._directory,
            capture_output=True,
            check=False,
            **self._as,
        )
        if done.returncode:
            raise ClusterError(f"{command[0]}: {done.stderr.decode(errors='replace')}")

    def _connect(self) -> psycopg.Connection[Any]:
        deadline = time.monotonic() + START_S
        while True:
            try:
                return psycopg.connect(
                    host=str(self._directory), user="linli", dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError as error:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    log = (self._directory / "log").read_text(errors="replace")
                    raise ClusterError(f"PostgreSQL did not start: {log}") from error
                time.sleep(0.05)


def _in_memory() -> str | None:
    """Linux's memory for files (tmpfs(5)), unless it is as small as in some containers."""
    try:
        return IN_MEMORY if shutil.disk_usage(IN_MEMORY).free > ROOM else None
    except OSError:
        return None


def _program(name: str) -> str:
    """Debian keeps the server's programs out of PATH, one directory for each version."""
    found: Sequence[Path] = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        raise ClusterError(
            "PostgreSQL is not installed: `make setup`, or apt-get install postgresql"
        )
    return str(found[-1])
