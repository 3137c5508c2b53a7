"""The cable that can be pulled: what runs is dropped, what comes is refused, until it is mended."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from doubles.waiting import eventually

from linli.town.cable import Cable


@pytest.fixture
def echo() -> Iterator[int]:
    server = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(65536):
                connection.sendall(data)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    thread.join()
    server.close()


@pytest.fixture
def cable(echo: int) -> Iterator[Cable]:
    cable = Cable(echo)
    yield cable
    cable.close()


def says(port: int, text: bytes = b"hello") -> bool:
    """Whether the other end is heard through the cable."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
        line.settimeout(5)
        line.sendall(text)
        return line.recv(100) == text
    return False


def test_traffic_passes_both_ways(cable: Cable) -> None:
    assert says(cable.port)


def test_a_cut_drops_what_runs(cable: Cable) -> None:
    with socket.create_connection(("127.0.0.1", cable.port), 5) as line:
        line.settimeout(5)
        line.sendall(b"x")
        assert line.recv(1) == b"x"
        cable.cut()
        with contextlib.suppress(ConnectionError):
            assert line.recv(1) == b""


def test_a_cut_refuses_what_comes_until_it_is_mended(cable: Cable) -> None:
    cable.cut()
    assert not says(cable.port)
    cable.mend()
    eventually(lambda: says(cable.port))


def test_nothing_is_listening_behind_it(echo: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        cable = Cable(probe.getsockname()[1])
        assert not says(cable.port)
        cable.close()


def test_closing_leaves_no_thread_and_nobody_connected(echo: int) -> None:
    before = set(threading.enumerate())
    cable = Cable(echo)
    line = socket.create_connection(("127.0.0.1", cable.port), 5)
    line.sendall(b"x")
    assert line.recv(1) == b"x"
    cable.close()
    line.close()
    assert not says(cable.port)
    eventually(lambda: set(threading.enumerate()) <= before)
