"""smpclient and smpmgr as judges of the firmware; both were written against mcumgr itself."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.waiting import eventually
from smpclient import SMPClient
from smpclient.generics import success
from smpclient.requests.os_management import EchoWrite, MCUMgrParametersRead, ResetWrite
from smpclient.transport.serial import SMPSerialTransport

from linli.devices.simulated.board_pins import Word
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.board_log import EventKind

TOLD_TO = 2
SMPMGR = Path(sys.executable).with_name("smpmgr")


@pytest.fixture(params=Kind)
def board(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SimulatedBoard]:
    board = SimulatedBoard(tmp_path / "board", kind=request.param)
    yield board
    board.close()


def restarted(board: SimulatedBoard, before: int) -> bool:
    """Once, and because it was told to."""
    eventually(lambda: board.memory[Word.STARTS] == before + 1 and board.memory[Word.BEAT])
    driver = Board.at(board.path)
    last = driver.events().events[-1]
    driver.close()
    return (last.kind, last.subject) == (EventKind.BOOT, TOLD_TO)


@pytest.mark.parametrize("size", [0, 1, 50, 75, 76, 77, 78, 79, 80, 300])
def test_smpclient_hears_its_echo(board: SimulatedBoard, size: int) -> None:
    async def run() -> None:
        async with SMPClient(SMPSerialTransport(), str(board.path)) as client:
            answer = await client.request(EchoWrite(d="x" * size))
            assert success(answer)
            assert answer.r == "x" * size

    asyncio.run(run())


def test_smpclient_reads_the_parameters_and_resets_the_board(board: SimulatedBoard) -> None:
    async def run() -> None:
        async with SMPClient(SMPSerialTransport(), str(board.path)) as client:
            parameters = await client.request(MCUMgrParametersRead())
            assert success(parameters)
            assert parameters.buf_size == 1024
            assert success(await client.request(ResetWrite()))

    before = board.memory[Word.STARTS]
    asyncio.run(run())
    assert restarted(board, before)


def smpmgr(board: SimulatedBoard, *words: str) -> str:
    port = str(board.path.resolve())
    done = subprocess.run(
        [str(SMPMGR), "--port", port, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_smpmgr_hears_its_echo(board: SimulatedBoard) -> None:
    assert "neighbours" in smpmgr(board, "os", "echo", "neighbours")


def test_smpmgr_resets_the_board(board: SimulatedBoard) -> None:
    before = board.memory[Word.STARTS]
    smpmgr(board, "os", "reset")
    assert restarted(board, before)
