"""What is the PN532's own: its speeds, and whatever else may be on a serial port."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.devices.readers.base import CardReader, CardSeen, ReaderState
from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213, Ntag424
from tests.contract.readers.bench import KEY, PATIENCE_S, uid
from tests.contract.readers.pn532_bench import Pn532Bench

KILLED_AT_ANOTHER_SPEED = """
import os, signal, sys
from nfc.clf import pn532, transport
pn532.init(transport.TTY(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Pn532Bench]:
    bench = Pn532Bench(tmp_path)
    yield bench
    bench.close()


def first_said(reader: CardReader) -> ReaderState:
    told: queue.Queue[CardSeen | ReaderState] = queue.Queue()
    reader.start(told.put)
    state = told.get(timeout=PATIENCE_S)
    reader.close()
    assert isinstance(state, ReaderState)
    return state


def test_a_chip_that_stops_answering_is_given_up_and_found_again(idle: Pn532Bench) -> None:
    idle.start()
    idle.hardware.chip.speed = 460_800
    assert not idle.state().up
    assert idle.state().up
    assert idle.hardware.chip.speed == 115_200


def test_a_chip_left_at_another_speed_by_a_killed_program_is_taken_over(idle: Pn532Bench) -> None:
    idle.field.place(Ntag424(uid(3), KEY))
    program = [sys.executable, "-c", KILLED_AT_ANOTHER_SPEED, str(idle.hardware.path)]
    assert subprocess.run(program, timeout=30, check=False).returncode == -signal.SIGKILL
    assert idle.hardware.chip.speed == 921_600
    idle.start()
    assert idle.card().uid == uid(3)


def test_what_is_no_reader_is_said_to_be_none() -> None:
    ours, theirs = os.openpty()
    state = first_said(Pn532("front", os.ttyname(theirs)))
    os.close(ours)
    os.close(theirs)
    assert (state.up, "no PN532" in state.reason) == (False, True)


def test_a_reader_in_use_is_left_alone(idle: Pn532Bench) -> None:
    idle.start()
    state = first_said(idle.another())
    assert (state.up, "another program" in state.reason) == (False, True)
    idle.field.place(Ntag213(uid(5)))
    assert idle.card().uid == uid(5)
