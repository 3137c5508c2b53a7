"""A terminal board's own firmware, as a program of this machine behind a serial line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.terminal_board import SimulatedBoard


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    board = SimulatedBoard(tmp_path / "board", kind=Kind.HOST)
    yield board
    board.close()
