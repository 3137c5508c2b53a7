"""What is started behind a window is told what came too early, and its failure is heard."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from linli.kiosk.starting import Starting


class Made:
    def __init__(self) -> None:
        self.told: list[int] = []
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_what_is_said_before_it_is_there_is_said_once_it_is() -> None:
    made, may = Made(), threading.Event()

    def make() -> Made:
        assert may.wait(10)
        return made

    starting = Starting(make, lambda: None)
    starting.tell(lambda one: one.told.append(1))
    starting.begin()
    starting.tell(lambda one: one.told.append(2))
    may.set()
    starting.close()
    starting.tell(lambda one: one.told.append(3))
    assert (made.told, made.closed) == ([1, 2, 3], 1)


def test_it_is_made_once_however_often_it_is_begun() -> None:
    made: list[Made] = []

    def make() -> Made:
        made.append(Made())
        return made[-1]

    starting = Starting(make, lambda: None)
    starting.begin()
    starting.begin()
    starting.close()
    assert len(made) == 1


def test_a_failure_is_told_and_raised_where_the_end_is_awaited() -> None:
    failed = threading.Event()

    def make() -> Made:
        raise OSError("the disk is gone")

    starting = Starting(make, failed.set)
    starting.begin()
    assert failed.wait(10)
    with pytest.raises(OSError, match="the disk is gone"):
        starting.close()


def test_what_was_never_begun_is_closed_in_peace() -> None:
    Starting(Made, lambda: None).close()


def test_what_never_ends_aborts_the_program_which_says_where_it_stood() -> None:
    program = """
import faulthandler, time
from linli.kiosk.starting import Starting
faulthandler.enable()
def waits_for_ever(): time.sleep(1000)
Starting(waits_for_ever, print, patience_s=0.2).begin()
time.sleep(1000)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == -signal.SIGABRT
    assert "in waits_for_ever" in done.stderr
