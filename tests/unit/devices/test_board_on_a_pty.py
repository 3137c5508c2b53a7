"""The firmware as a program of its own, on a pseudo-terminal: for trying a board's port by hand."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.devices.simulated.firmware import host_program
from linli.firmware_bridge.board import Board

Program = subprocess.Popen[str]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    command = [str(host_program()), str(tmp_path / "board.flash"), "--pty"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        yield program
        program.kill()


def test_it_names_its_port_and_answers_there(program: Program) -> None:
    assert program.stdout is not None
    port = program.stdout.readline().strip()
    for _ in range(2):  # closed and opened again by its user
        board = Board.at(port)
        assert board.echo("邻里") == "邻里"
        assert board.info().hardware == "host"
        board.close()


def test_it_says_how_it_is_used() -> None:
    done = subprocess.run([str(host_program())], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "usage: board FILE" in done.stderr
