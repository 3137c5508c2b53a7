"""A program that ends again and again leaves the screen to a notice; one that hangs says where."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = "watching.FROZEN_S, watching.LATER_S, watching.SOON_S = 1.0, 2.0, 0.1"
WATCH = """
import sys
from pathlib import Path
from linli.kiosk.supervisor import watching
from linli.kiosk.supervisor.run import Supervisor
{patience}
here = Path({directory!r})
python = [sys.executable, "-c"]
notice = lambda reason: [*python, {notice!r}, str(here / "notice"), reason]
Supervisor("program", [*python, {program!r}, str(here / "starts")], here / "why", notice).run()
"""
FALLS = """
import os, sys
print("bare" if "LINLI_NO_CURTAIN" in os.environ else "start", file=open(sys.argv[1], "a"))
sys.exit(3)
"""
HANGS = """
import faulthandler, sys, time
from linli.kiosk.supervisor.heartbeat import heartbeat
faulthandler.enable()
print("start", file=open(sys.argv[1], "a"))
def waits_for_ever():
    time.sleep(1000)
heartbeat()()
waits_for_ever()
"""
NOTICE = """
import signal, sys, time
def end(*_):
    print("gone", file=open(sys.argv[1], "a"))
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("shown", sys.argv[2], file=open(sys.argv[1], "a"))
time.sleep(1000)
"""


class Supervised:
    def __init__(self, directory: Path, program: str) -> None:
        self._directory = directory
        self.log = directory / "log"
        script = WATCH.format(
            patience=PATIENCE, directory=str(directory), program=program, notice=NOTICE
        )
        with self.log.open("wb") as out:
            self._process = subprocess.Popen([sys.executable, "-c", script], stdout=out, stderr=out)

    def lines(self, name: str) -> list[str]:
        path = self._directory / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def close(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def supervised(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Supervised]:
    supervised = Supervised(tmp_path, request.param)
    try:
        yield supervised
    finally:
        supervised.close()


@pytest.mark.parametrize("supervised", [FALLS], indirect=True)
def test_a_program_that_falls_again_and_again_leaves_the_screen_to_a_notice(
    supervised: Supervised,
) -> None:
    eventually(lambda: len(supervised.lines("notice")) == 1)
    assert supervised.lines("notice") == ["shown exit 3"]
    assert supervised.lines("starts") == ["start"] * 3
    eventually(lambda: len(supervised.lines("starts")) == 4)
    assert supervised.lines("starts")[-1] == "bare", "no inviting picture comes before it any more"
    assert supervised.lines("notice")[:2] == ["shown exit 3", "gone"]


@pytest.mark.parametrize("supervised", [FALLS], indirect=True)
def test_a_supervisor_that_is_told_to_end_amid_the_notice_ends_it_too(
    supervised: Supervised,
) -> None:
    eventually(lambda: len(supervised.lines("notice")) == 1)
    supervised.close()
    assert supervised.lines("notice") == ["shown exit 3", "gone"]
    assert len(supervised.lines("starts")) == 3


@pytest.mark.parametrize("supervised", [HANGS], indirect=True)
def test_a_program_that_hangs_leaves_in_the_log_where(supervised: Supervised) -> None:
    eventually(lambda: len(supervised.lines("starts")) == 2)
    said = supervised.log.read_text(encoding="utf-8")
    assert "in waits_for_ever" in said
    assert "the program ended (frozen)" in said
