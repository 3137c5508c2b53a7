"""A simulated device's program never outlives who started it."""

from __future__ import annotations

import subprocess
import sys

import psutil
from doubles.waiting import eventually

from linli.devices.simulated.leash import Leashed

STARTER = """
import time
from linli.devices.simulated.leash import Leashed
print(Leashed(["sleep", "600"]).pid, flush=True)
time.sleep(600)
"""


def sleeps(shell: int) -> list[psutil.Process]:
    """The program below that shell."""
    below = psutil.Process(shell).children(recursive=True)
    return [process for process in below if process.name() == "sleep"]


def test_a_starter_that_is_killed_takes_its_program_along() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        shell = int(starter.stdout.readline())
        eventually(lambda: sleeps(shell))
        (program,) = sleeps(shell)
        starter.kill()
    eventually(lambda: not program.is_running() or program.status() == psutil.STATUS_ZOMBIE)


def test_a_program_that_ends_by_itself_is_seen_to_have_ended() -> None:
    program = Leashed(["true"])
    eventually(lambda: not program.alive())
    program.kill()


def test_killing_it_returns_when_it_is_gone() -> None:
    leashed = Leashed(["sleep", "600"])
    eventually(lambda: sleeps(leashed.pid))
    (program,) = sleeps(leashed.pid)
    leashed.kill()
    assert not program.is_running() or program.status() == psutil.STATUS_ZOMBIE
