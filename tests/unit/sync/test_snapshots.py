"""Fetching a snapshot from servers that misbehave: SnapshotError, within bounds, never worse."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.sync import snapshots as snapshots_module
from linli.sync.clock import SystemClock
from linli.sync.messages import Stream
from linli.sync.sessions import direct_session
from linli.sync.snapshots import SnapshotClient, SnapshotError

GOOD = b'{"scope":"s-1","stream":"changes","number":3,"at":"2026-01-01T00:00:00Z","rows":[]}'
OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """One connection after another is handed to `serve` once its request is read."""
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                with contextlib.suppress(OSError):  # the client has had enough
                    serve(connection)

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        listening.close()


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    with server(lambda connection: connection.sendall(answer)) as url:
        yield url


def fetch(url: str) -> int:
    with direct_session() as session:
        key = Ed25519PrivateKey.generate()
        client = SnapshotClient(url, "t-1", key, SystemClock(), session)
        return client.fetch("s-1", Stream.CHANGES).number


def sized(body: bytes, *headers: bytes) -> bytes:
    return (
        OK
        + b"".join(h + b"\r\n" for h in headers)
        + b"Content-Length: %d\r\n\r\n" % len(body)
        + body
    )


@pytest.mark.parametrize(
    "answer",
    [
        sized(GOOD),
        sized(gzip.compress(GOOD), b"Content-Encoding: gzip"),
        OK + b"Connection: close\r\n\r\n" + GOOD,
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (30, GOOD[:30], len(GOOD) - 30, GOOD[30:]),
    ],
)
def test_a_snapshot_is_read_however_it_is_sent(answer: bytes) -> None:
    with answering(answer) as url:
        assert fetch(url) == 3


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00" * 500,
        OK,
        OK + b"Content-Length: 500\r\n\r\n" + GOOD,
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        sized(b"not gzip", b"Content-Encoding: gzip"),
        sized(gzip.compress(GOOD)[:-12], b"Content-Encoding: gzip"),
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        sized(GOOD.replace(b"s-1", b"s-2")),
        sized(b"{}"),
    ],
)
def test_an_answer_that_is_no_snapshot_is_a_snapshot_error(answer: bytes) -> None:
    with answering(answer) as url, pytest.raises(SnapshotError):
        fetch(url)


def test_nobody_there_is_a_snapshot_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(SnapshotError):
            fetch(f"http://127.0.0.1:{probe.getsockname()[1]}")


def test_an_answer_that_swells_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots_module, "SIZE_CAP", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)
    with (
        answering(sized(bomb, b"Content-Encoding: gzip")) as url,
        pytest.raises(SnapshotError, match="more than"),
    ):
        fetch(url)


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots_module, "WHOLE_S", 0.2)

    def drip(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 1000\r\n\r\n")
        for _ in range(60):
            connection.sendall(b" ")
            time.sleep(0.05)

    with server(drip) as url, pytest.raises(SnapshotError, match="too slow"):
        fetch(url)
