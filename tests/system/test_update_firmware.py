"""`linli terminal update-firmware` against the real firmware, compiled for this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.signed_images import SignedImages
from typer.testing import CliRunner

from linli.commands.failure import Failure
from linli.commands.terminal import app
from linli.devices.simulated.board_pins import SLOT_A, BoardMemory, Word
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.terminal_board import SimulatedBoard


@pytest.fixture
def images(tmp_path: Path) -> SignedImages:
    return SignedImages(tmp_path)


@pytest.fixture
def board(images: SignedImages, tmp_path: Path) -> Iterator[SimulatedBoard]:
    memory = BoardMemory(tmp_path / "board.flash")
    memory.fill(SLOT_A, images.for_host(0, "1.0.0").data)
    memory[Word.BOOTS] = 1
    memory.close()
    board = SimulatedBoard(tmp_path / "board", kind=Kind.HOST)
    yield board
    board.close()


def updated(board: SimulatedBoard, *files: Path) -> tuple[str, BaseException | None]:
    words = ["update-firmware", *map(str, files), "--board", str(board.path), "--json"]
    result = CliRunner().invoke(app, words)
    return result.stdout, result.exception


def test_of_two_images_the_fitting_one_is_installed(
    board: SimulatedBoard, images: SignedImages, tmp_path: Path
) -> None:
    files = [tmp_path / "new-a.img", tmp_path / "new-b.img"]
    for slot, file in enumerate(files):
        file.write_bytes(images.for_host(slot, "1.1.0").data)
    told, _ = updated(board, *files)
    assert json.loads(told) == {"ok": True, "state": "updated", "version": "1.1.0", "slot": 1}


def test_a_refusal_is_told_in_words(
    board: SimulatedBoard, images: SignedImages, tmp_path: Path
) -> None:
    file = tmp_path / "new-b.img"
    strange = images.of(b"x" * 999, slot=1, version="1.1.0", key=images.strange_key())
    file.write_bytes(strange.data)
    told, failure = updated(board, file)
    assert "a key that this board does not trust" in json.loads(told)["error"]
    assert isinstance(failure, Failure)


def test_a_file_that_is_no_image_is_not_sent(board: SimulatedBoard, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not an image")
    before = board.memory[Word.WRITES]
    told, _ = updated(board, file)
    assert json.loads(told)["error"] == "this file is no firmware image"
    assert board.memory[Word.WRITES] == before
