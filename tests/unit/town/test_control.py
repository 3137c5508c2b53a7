"""Orders to a program of the town over a Unix socket."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from doubles.waiting import eventually

from linli.town.control import ControlClient, ControlServer


def test_an_order_is_done_before_it_is_answered(tmp_path: Path) -> None:
    done: list[str] = []
    server = ControlServer(tmp_path / "sock", {"say": done.append})
    client = ControlClient(tmp_path / "sock")
    client.do("say", "你好")
    client.do("say", "more")
    assert done == ["你好", "more"]
    client.close()
    server.close()


@pytest.mark.parametrize("line", ["not json", "[]", '{"do":"unknown","with":""}', '{"do":"say"}'])
def test_what_is_no_order_ends_the_line_and_not_the_server(tmp_path: Path, line: str) -> None:
    done: list[str] = []
    server = ControlServer(tmp_path / "sock", {"say": done.append})
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(tmp_path / "sock"))
        stranger.sendall(line.encode() + b"\n")
        stranger.settimeout(5)
        assert stranger.recv(1) == b""
    client = ControlClient(tmp_path / "sock")
    client.do("say", "still here")
    assert done == ["still here"]
    client.close()
    server.close()


def test_a_program_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError, match="no program answers"):
        ControlClient(tmp_path / "sock", wait_s=0.0)


def test_closing_leaves_no_thread_and_no_file(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    server = ControlServer(tmp_path / "sock", {})
    server.close()
    assert list(tmp_path.iterdir()) == []
    eventually(lambda: set(threading.enumerate()) <= before)
