"""The board's bootloader and firmware on an emulated chip, updated over its line: by us, by
smpclient and by smpmgr; interrupted, refused, given up."""

from __future__ import annotations

import asyncio
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.signed_images import SignedImages
from doubles.waiting import eventually
from smpclient import SMPClient
from smpclient.generics import success
from smpclient.requests.image_management import ImageStatesRead, ImageStatesWrite
from smpclient.requests.os_management import ResetWrite
from smpclient.transport.serial import SMPSerialTransport

from linli.devices.simulated.board_pins import SLOT_A, SLOT_B, BoardMemory, Word
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.firmware import BOOTLOADER
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.serial_line import SerialLine
from linli.firmware_bridge.update import RevertedError, Updater

SPEED = 115_200
SMPMGR = Path(sys.executable).with_name("smpmgr")
HANGS = struct.pack("<16I", 0x2000_2000, *[0x2100_BA41] * 15) + b"\xfe\xe7" * 200
"""A stack, where everything begins, and there a jump to itself (`b .`); for slot B of mps2."""


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> SignedImages:
    return SignedImages(tmp_path_factory.mktemp("images"))


@pytest.fixture
def board(images: SignedImages, tmp_path: Path) -> Iterator[SimulatedBoard]:
    """With version 1.0.0 in slot A, as from the factory."""
    memory = BoardMemory(tmp_path / "board.flash")
    memory.fill(SLOT_A, images.firmware(0, "1.0.0").data)
    memory.close()
    board = SimulatedBoard(tmp_path / "board", kind=Kind.QEMU, program=BOOTLOADER)
    yield board
    board.close()


@pytest.fixture
def updater(board: SimulatedBoard) -> Iterator[Updater]:
    client = Client(SerialLine(board.path, SPEED))
    yield Updater(client)
    client.close()


def running(updater: Updater) -> tuple[str, bool]:
    """Its version, and whether it is confirmed."""
    (active,) = [one for one in updater.installed() if one.active]
    return active.version, active.confirmed


def test_the_bootloader_starts_what_is_signed(updater: Updater) -> None:
    assert running(updater) == ("1.0.0", True)


def test_an_update_is_tried_and_confirmed_and_stays(
    board: SimulatedBoard, updater: Updater, images: SignedImages
) -> None:
    assert updater.update([images.firmware(1, "1.1.0")]).slot == 1
    board.cut_power()
    board.give_power()
    assert running(updater) == ("1.1.0", True)
    driver = Board(updater.client)
    assert driver.info().hardware == "mps2"


def test_one_that_is_not_confirmed_goes_at_the_next_start(
    board: SimulatedBoard, updater: Updater, images: SignedImages
) -> None:
    new = images.firmware(1, "1.1.0")
    updater.upload(new)
    updater.test(new)
    board.cut_power()
    board.give_power()
    assert running(updater) == ("1.1.0", False)
    board.cut_power()
    board.give_power()
    assert running(updater) == ("1.0.0", True)


def test_one_that_hangs_is_ended_by_the_watchdog_and_reported_as_given_up(
    updater: Updater, images: SignedImages
) -> None:
    hangs = images.of(HANGS, slot=1, version="1.1.0", board="mps2")
    with pytest.raises(RevertedError, match="went back"):
        updater.update([hangs])
    assert running(updater) == ("1.0.0", True)


def test_an_upload_goes_on_after_the_emulator_was_killed(
    board: SimulatedBoard, updater: Updater, images: SignedImages
) -> None:
    new, told = images.firmware(1, "1.1.0"), []

    def kill_at_half(done: int, of: int) -> None:
        told.append(done)
        if done > of // 2 and 0 not in told:
            board.cut_power()  # SIGKILL
            board.give_power()

    Updater(updater.client, kill_at_half).upload(new)
    restart = told.index(0)
    assert told[restart + 1] > told[restart - 1] - 1024
    assert updater.update([new]).version == "1.1.0"


def test_an_upload_goes_on_after_the_cable_was_pulled(
    board: SimulatedBoard, updater: Updater, images: SignedImages
) -> None:
    new, told = images.firmware(1, "1.1.0"), []

    def pull_at_half(done: int, of: int) -> None:
        told.append(done)
        if done > of // 2 > told[-2]:
            board.unplug()
            board.replug()

    Updater(updater.client, pull_at_half).upload(new)
    assert told == sorted(told)
    assert board.memory.flash()[SLOT_B:][: len(new.data)] == new.data


def test_without_any_image_the_bootloader_is_there_and_takes_one(
    board: SimulatedBoard, updater: Updater, images: SignedImages
) -> None:
    board.cut_power()
    board.memory.fill(SLOT_A, b"\0" * 1024)
    board.give_power()
    assert updater.installed() == ()
    assert updater.update([images.firmware(0, "1.1.0")]).version == "1.1.0"


def test_smpclient_updates_it(
    board: SimulatedBoard, updater: Updater, images: SignedImages
) -> None:
    new = images.firmware(1, "1.1.0")

    async def send() -> None:
        async with SMPClient(SMPSerialTransport(), str(board.path)) as client:
            offsets = [offset async for offset in client.upload(new.data)]
            assert offsets[-1] == len(new.data)
            assert success(await client.request(ImageStatesWrite(hash=new.hash)))
            assert success(await client.request(ResetWrite()))

    async def confirm() -> None:
        async with SMPClient(SMPSerialTransport(), str(board.path)) as client:
            assert success(await client.request(ImageStatesWrite(confirm=True)))
            state = await client.request(ImageStatesRead())
            assert success(state)
            assert [one.version for one in state.images if one.confirmed] == ["1.1.0"]

    before = board.memory[Word.STARTS]
    asyncio.run(send())
    eventually(lambda: board.memory[Word.STARTS] >= before + 2 and board.memory[Word.BEAT])
    asyncio.run(confirm())
    assert running(updater) == ("1.1.0", True)


def smpmgr(board: SimulatedBoard, *words: str) -> str:
    command = [str(SMPMGR), "--port", str(board.path.resolve()), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_smpmgr_updates_it(
    board: SimulatedBoard, updater: Updater, images: SignedImages, tmp_path: Path
) -> None:
    new, file = images.firmware(1, "1.1.0"), tmp_path / "new.bin"
    file.write_bytes(new.data)
    before = board.memory[Word.STARTS]
    smpmgr(board, "upgrade", "--slot", "1", str(file))
    eventually(lambda: board.memory[Word.STARTS] >= before + 2 and board.memory[Word.BEAT])
    smpmgr(board, "image", "state-write", "--confirm")
    assert "1.1.0" in smpmgr(board, "image", "state-read")
    assert running(updater) == ("1.1.0", True)
