"""The programs of terminal and board are brought back when they were killed or are frozen; where
that is of no use, a notice stands on the screen."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from linli.kiosk.supervisor.restarts import read_lines
from linli.town.processes import VirtualDisplay

SETTINGS = """name = "t-1"
scope = "s-1"
centre = "centre-1"
centre_name = "阳光社区邻里中心"
place = "阳光社区"
data = "{data}"
[connection]
broker_host = "127.0.0.1"
broker_port = 1
ledger_url = "http://127.0.0.1:1"
"""


CENTRE = ("centre", "centre_name")
"""What a board does not know."""


class Supervised:
    """`linli kiosk --supervised`, or `board`, on a virtual screen."""

    def __init__(
        self, directory: Path, display: str, program: str = "kiosk", text: str = SETTINGS
    ) -> None:
        settings = directory / "settings.toml"
        lines = text.format(data=directory / "data").splitlines()
        if program == "board":
            lines = [line for line in lines if not line.startswith(CENTRE)]
        settings.write_text("\n".join(lines), encoding="utf-8")
        self.restarts = directory / "data" / "restarts.jsonl"
        self.trace = directory / "trace"
        command = [sys.executable, "-m", "linli", program, "--settings", str(settings)]
        self._parent = subprocess.Popen(
            [*command, "--trace", str(self.trace), "--supervised"],
            env={**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "LP_NUM_THREADS": "1"},
        )

    def frames(self) -> int:
        """How often a first frame was seen."""
        if not self.trace.exists():
            return 0
        lines = self.trace.read_text(encoding="utf-8").splitlines()
        return sum(json.loads(line)["what"] == "first-frame" for line in lines)

    def program(self) -> int:
        """The process id of the program that is watched."""
        (child,) = psutil.Process(self._parent.pid).children()
        return child.pid

    def command(self) -> list[str]:
        """Of the program that runs now, or none."""
        for child in psutil.Process(self._parent.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                return child.cmdline()
        return []

    def reasons(self) -> list[str]:
        return [json.loads(line)["reason"] for line in read_lines(self.restarts)]

    def close(self) -> None:
        self._parent.send_signal(signal.SIGTERM)
        self._parent.wait(30)


def eventually(holds: Callable[[], bool], within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Supervised]:
    with VirtualDisplay(tmp_path / "display.log", "1280x800x24") as display:
        kiosk = Supervised(tmp_path, display.name)
        try:
            eventually(lambda: kiosk.frames() == 1)
            yield kiosk
        finally:
            kiosk.close()


def test_a_program_that_is_killed_comes_back(kiosk: Supervised) -> None:
    before = kiosk.program()
    os.kill(before, signal.SIGKILL)
    eventually(lambda: kiosk.frames() == 2)
    assert kiosk.program() != before
    assert kiosk.reasons() == ["signal 9"]


def test_a_program_that_is_frozen_is_killed_and_comes_back(kiosk: Supervised) -> None:
    time.sleep(2.5)  # it has beaten
    os.kill(kiosk.program(), signal.SIGSTOP)
    eventually(lambda: kiosk.frames() == 2)
    assert kiosk.reasons() == ["frozen"]


def test_when_the_supervisor_ends_the_program_ends_with_it(kiosk: Supervised) -> None:
    program = psutil.Process(kiosk.program())
    kiosk.close()
    eventually(lambda: not program.is_running() or program.status() == psutil.STATUS_ZOMBIE)
    assert kiosk.reasons() == []


def test_a_board_that_is_killed_comes_back(tmp_path: Path) -> None:
    with VirtualDisplay(tmp_path / "display.log", "1920x1080x24") as display:
        board = Supervised(tmp_path, display.name, "board")
        try:
            eventually(lambda: "board" in board.command())
            before = board.program()
            os.kill(before, signal.SIGKILL)
            eventually(lambda: "board" in board.command() and board.program() != before)
            assert board.reasons() == ["signal 9"]
        finally:
            board.close()


def test_a_terminal_whose_store_cannot_be_opened_shows_the_notice(tmp_path: Path) -> None:
    (tmp_path / "data" / "terminal.db").mkdir(parents=True)
    with VirtualDisplay(tmp_path / "display.log", "1280x800x24") as display:
        kiosk = Supervised(tmp_path, display.name)
        try:
            eventually(lambda: "linli.kiosk.recovering" in kiosk.command())
            assert kiosk.command()[-1] == "t-1 · exit 1"
            assert kiosk.reasons() == ["exit 1"] * 3
        finally:
            kiosk.close()
