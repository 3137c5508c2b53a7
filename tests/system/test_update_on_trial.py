"""The whole terminal as a version on trial, from the package's launcher to its window, without any
network: it confirms itself, or is rolled back. The test is systemd, and starts it whenever it
ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from test_supervised import SETTINGS, eventually

from linli.kiosk.supervisor.restarts import read_lines
from linli.kiosk.updating import states
from linli.kiosk.updating.slots import Slots
from linli.town.processes import VirtualDisplay

ROOT = Path(__file__).parents[2]
QUICK = '[releases]\naddress = "https://releases.invalid"\nprobation_s = 2\n'
"""A second is what the window is asked to turn in."""


class Machine:
    """A terminal that starts at boot, and again whenever it ends."""

    def __init__(self, directory: Path, display: str) -> None:
        self.slots = Slots(directory / "updates")
        self._settings, self._trace = directory / "terminal.toml", directory / "trace"
        self._settings.write_text(SETTINGS.format(data=directory / "data") + QUICK)
        self._restarts = directory / "data" / "restarts.jsonl"
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "SDL_VIDEODRIVER": "x11",
            "LP_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
        }
        self._program: subprocess.Popen[bytes] | None = None

    def switch_to(self, version: str) -> None:
        """As an update leaves it; the slot runs the program of this checkout."""
        standing = self.slots.change(lambda standing: states.downloaded(standing, version))
        assert standing.candidate is not None
        slot = self.slots.path(standing.candidate.slot)
        python = slot / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} "$@"\n')
        python.chmod(0o755)
        (slot / "lib" / "python{}.{}".format(*sys.version_info)).mkdir(parents=True)
        for move in (states.unpacked, states.verified, states.switched):
            self.slots.change(move)

    def start(self) -> None:
        launcher = [sys.executable, "-s", "-m", "linli.kiosk.updating.begin"]
        kiosk = ["kiosk", "--settings", self._settings, "--trace", self._trace, "--supervised"]
        command = [*launcher, self.slots.directory, *kiosk]
        self._program = subprocess.Popen(command, env=self._environment)

    def kill_program(self) -> int | None:
        """As soon as there is one; returns what the supervisor ended with."""
        assert self._program is not None
        supervisor = psutil.Process(self._program.pid)
        eventually(lambda: bool(supervisor.children()))
        os.kill(supervisor.children()[0].pid, signal.SIGKILL)
        return self._program.wait(30)

    def drew(self) -> int:
        """How often a first frame was seen."""
        if not self._trace.exists():
            return 0
        lines = self._trace.read_text(encoding="utf-8").splitlines()
        return sum(json.loads(line)["what"] == "first-frame" for line in lines)

    def reasons(self) -> int:
        return len(read_lines(self._restarts))

    def stop(self) -> None:
        if self._program is not None:
            self._program.send_signal(signal.SIGTERM)
            self._program.wait(30)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with VirtualDisplay(tmp_path / "display.log", "1280x800x24") as display:
        machine = Machine(tmp_path, display.name)
        try:
            yield machine
        finally:
            machine.stop()


def test_update_on_trial_confirms_itself_and_the_next_that_falls_is_rolled_back_to_it(
    machine: Machine,
) -> None:
    machine.switch_to("2.0")
    machine.start()
    eventually(lambda: machine.slots.read().version == "2.0")
    assert (machine.drew(), machine.reasons()) == (1, 0)
    machine.stop()

    machine.switch_to("3.0")
    for _ in range(states.STARTS):
        machine.start()
        assert machine.kill_program() == 1
    machine.start()
    eventually(lambda: machine.drew() == 2)
    standing = machine.slots.read()
    assert (standing.version, standing.rolled_back) == ("2.0", {"3.0": 1})
    assert os.readlink(machine.slots.directory / "current") == "a"
    assert machine.reasons() == states.STARTS
