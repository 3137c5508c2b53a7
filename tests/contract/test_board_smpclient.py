"""smpclient as a judge of the firmware: it was written against mcumgr's own servers."""

from __future__ import annotations

import asyncio
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


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    board = SimulatedBoard(tmp_path / "board", kind=Kind.HOST)
    yield board
    board.close()


@pytest.mark.parametrize("size", [0, 1, 50, 75, 76, 77, 78, 79, 80, 300])
def test_it_hears_its_echo(board: SimulatedBoard, size: int) -> None:
    async def run() -> None:
        async with SMPClient(SMPSerialTransport(), str(board.path)) as client:
            answer = await client.request(EchoWrite(d="x" * size))
            assert success(answer)
            assert answer.r == "x" * size

    asyncio.run(run())


def test_it_reads_the_parameters_and_resets_the_board(board: SimulatedBoard) -> None:
    async def run() -> None:
        async with SMPClient(SMPSerialTransport(), str(board.path)) as client:
            parameters = await client.request(MCUMgrParametersRead())
            assert success(parameters)
            assert parameters.buf_size == 1024
            assert success(await client.request(ResetWrite()))

    before = board.memory[Word.STARTS]
    asyncio.run(run())
    eventually(lambda: board.memory[Word.STARTS] == before + 1)
