"""Plugs that are pulled, lines that hiss, programs that are killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time

from linli.devices.readers.base import CardSeen, ReaderState
from linli.devices.simulated.cards import Ntag213, Ntag424
from tests.contract.readers.bench import KEY, PATIENCE_S, ReaderBench, uid

KILLED_WHILE_POLLING = """
import os, signal, time
from linli.devices.readers.base import CardSeen
{reader}
def told(message):
    print("up", flush=True)
    if isinstance(message, CardSeen):
        os.kill(os.getpid(), signal.SIGKILL)
reader.start(told)
time.sleep(30)
"""


def test_a_reader_pulled_out_says_so_and_comes_back(bench: ReaderBench) -> None:
    for number in range(3):
        bench.unplug()
        down = bench.state()
        assert (down.reader, down.up, bool(down.reason)) == ("front", False, True)
        bench.replug()
        assert bench.state().up
        bench.field.place(Ntag213(uid(number)))
        assert bench.card().uid == uid(number)
        bench.field.remove()


def test_a_long_outage_is_told_once(bench: ReaderBench) -> None:
    bench.unplug()
    assert not bench.state().up
    time.sleep(1.0)
    assert bench.told.empty()
    bench.replug()
    assert bench.state().up


def test_a_reader_that_comes_later_is_found(idle: ReaderBench) -> None:
    idle.unplug()
    idle.reader.start(idle.told.put)
    assert not idle.state().up
    idle.replug()
    assert idle.state().up


def test_noise_on_the_line_does_not_lose_taps(bench: ReaderBench) -> None:
    noise, stop = random.Random(7), threading.Event()

    def hiss() -> None:
        while not stop.wait(0.01):
            start = b"\x00\x00\xff" if noise.random() < 0.3 else b""
            bench.disturb(start + noise.randbytes(noise.randrange(1, 9)))

    hissing = threading.Thread(target=hiss)
    hissing.start()
    try:
        for number in range(5):
            bench.field.place(Ntag424(uid(number), KEY))
            while not _is_tap_of(bench.told.get(timeout=PATIENCE_S), uid(number)):
                pass
            bench.field.remove()
    finally:
        stop.set()
        hissing.join()


def _is_tap_of(told: CardSeen | ReaderState, wanted: bytes) -> bool:
    return isinstance(told, CardSeen) and told.uid == wanted and not told.torn


def test_a_reader_left_behind_by_a_killed_program_is_taken_over(idle: ReaderBench) -> None:
    idle.field.place(Ntag424(uid(3), KEY))
    program = [sys.executable, "-c", KILLED_WHILE_POLLING.format(reader=idle.program())]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"up\n"
        idle.lay_again_if_needed()
        assert killed.wait(timeout=30) == -signal.SIGKILL
    idle.start()
    idle.lay_again_if_needed()
    assert idle.card().uid == uid(3)
