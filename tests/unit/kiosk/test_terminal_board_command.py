"""`linli terminal board`: what it is, what it feels, how it is set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from linli.commands.failure import Failure
from linli.commands.terminal import app
from linli.devices.simulated.terminal_board import SimulatedBoard


def run(*arguments: str) -> str:
    words = ["board", *arguments]
    return CliRunner().invoke(app, words, catch_exceptions=False).stdout


def told(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


def test_it_tells_what_the_board_is_and_feels(board: SimulatedBoard) -> None:
    found = told(str(board.path))
    assert (found["hardware"], found["doors"]) == ("host", ["closed"] * 6)
    assert found["sensors"]["temperature"] == 215
    text = run(str(board.path))
    assert "1 closed, 2 closed" in text
    assert "pulse_ms 500" in text


def test_what_is_given_is_changed_and_kept(board: SimulatedBoard) -> None:
    path = str(board.path)
    told(path, "--pulse-ms", "300", "--left-open-s", "90", "--doors", "4", "--contact", "closes")
    settings = told(path)["settings"]
    assert settings == {
        "pulse_ms": 300,
        "within_ms": 1500,
        "left_open_ms": 90_000,
        "doors": 4,
        "contact_opens": False,
    }


def test_what_is_not_safe_is_said_to_be_so(board: SimulatedBoard) -> None:
    with pytest.raises(Failure, match="10 to 2000 ms"):
        run(str(board.path), "--pulse-ms", "2500")


def test_a_port_where_nothing_is_plugged_in_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="No such file"):
        run(str(tmp_path / "nothing"))
