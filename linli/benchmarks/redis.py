"""A Redis of our own, the peer of the ranking: filled in its own protocol (RESP), and asked by its
own client."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from linli.benchmarks.peers import NoPeerError, run_peer

KEY = "ranking"
PIPELINED = 10_000


class Redis:
    """Started when made, in memory only; `environment` is its client's. Raises NoPeerError."""

    def __init__(self, directory: Path, environment: Path) -> None:
        self._environment = environment
        program = shutil.which("redis-server")
        if program is None:
            raise NoPeerError("redis-server is not installed: apt-get install redis-server")
        self._path = str(directory / "redis.sock")
        self._server = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", self._path, "--save", ""],
            cwd=directory,
            stdout=subprocess.DEVNULL,
        )
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        for _ in range(100):
            try:
                self._socket.connect(self._path)
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise NoPeerError("redis-server did not start")
        self._answers = self._socket.makefile("rb")

    def add(self, scores: Sequence[tuple[str, int]]) -> None:
        """Put members into the sorted set."""
        for start in range(0, len(scores), PIPELINED):
            some = scores[start : start + PIPELINED]
            self._all([_command("ZADD", KEY, str(score), member) for member, score in some])

    def timed(self, members: Sequence[str]) -> list[float]:
        """Seconds that each of these members' ranks took. Raises NoPeerError."""
        told = run_peer(self._environment, "redis", self._path, KEY, given="\n".join(members))
        return [float(line) for line in told.split()]

    def close(self) -> None:
        self._answers.close()
        self._socket.close()
        self._server.terminate()
        self._server.wait(10)

    def _all(self, commands: list[bytes]) -> None:
        self._socket.sendall(b"".join(commands))
        for _ in commands:
            self._number()

    def _number(self) -> int:
        line = self._answers.readline()
        if not line.startswith(b":"):
            raise NoPeerError(f"redis-server answered {line!r}")
        return int(line[1:])


def _command(*words: str) -> bytes:
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)
