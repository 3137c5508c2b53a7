"""What every card reader promises (linli/devices/readers/base.py).

Each driver runs on its own bench: the real driver above simulated hardware. Tests wait for polls
of the driver, not for time to pass.
"""

from __future__ import annotations

import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linli.cards.sun import SunIdentity, read_message, verify
from linli.devices.readers.base import CardReader, CardSeen, Chip, ReaderState
from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import (
    MifareClassic,
    MuteCard,
    Ntag213,
    Ntag424,
    RandomUidPhone,
    ReplayedCard,
    SimulatedCard,
)
from linli.devices.simulated.field import Field
from linli.devices.simulated.reader import SimulatedReader

PATIENCE_S = 10.0
KEY = bytes(range(16))
POLLS_OF_AN_ABSENCE, TRIES_A_POLL = 3, 2
ANSWERS_OF_A_READING = 6
"""RATS, two selections, the length, and the message in two frames."""


class Pn532Bench:
    """The PN532 driver over a simulated chip on a pseudo-terminal."""

    def __init__(self, directory: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.hardware = SimulatedReader(directory / "reader")
        self.field: Field = self.hardware.field
        self.reader: CardReader = Pn532("front", self.hardware.path, monotonic)
        self.told: queue.Queue[CardSeen | ReaderState] = queue.Queue()

    def polls(self) -> int:
        return self.hardware.chip.searches

    def disturb(self, noise: bytes) -> None:
        self.hardware.line.disturb(noise)

    def close(self) -> None:
        self.reader.close()
        self.hardware.close()

    # --- what tests say ----------------------------------------------------------------------

    def start(self) -> None:
        self.reader.start(self.told.put)
        assert self.state().up

    def card(self) -> CardSeen:
        """The next tap told."""
        told = self.told.get(timeout=PATIENCE_S)
        assert isinstance(told, CardSeen), told
        return told

    def state(self) -> ReaderState:
        """The next state told; taps before it are skipped."""
        while True:
            told = self.told.get(timeout=PATIENCE_S)
            if isinstance(told, ReaderState):
                return told

    def let_poll(self, times: int) -> None:
        """Wait until so many polls have been made from start to end."""
        target = self.polls() + times + 1
        deadline = time.monotonic() + PATIENCE_S
        while self.polls() < target:
            assert time.monotonic() < deadline, "the driver has stopped polling"
            time.sleep(0.005)

    def silent(self, polls: int = 5) -> bool:
        self.let_poll(polls)
        return self.told.empty()

    def take_away(self) -> None:
        self.field.remove()
        self.let_poll(POLLS_OF_AN_ABSENCE)


@pytest.fixture(params=[Pn532Bench], ids=["pn532"])
def idle(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pn532Bench]:
    """A bench whose driver has not been started."""
    bench = request.param(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def bench(idle: Pn532Bench) -> Pn532Bench:
    idle.start()
    return idle


def uid(number: int) -> bytes:
    return b"\x04" + number.to_bytes(6, "big")


CARDS: dict[str, tuple[Callable[[], SimulatedCard], Chip]] = {
    "ntag213": (lambda: Ntag213(uid(1)), Chip.TYPE2),
    "ntag424": (lambda: Ntag424(uid(2), KEY), Chip.ISO_DEP),
    "classic": (lambda: MifareClassic(b"\x11\x22\x33\x44"), Chip.CLASSIC),
    "phone": (RandomUidPhone, Chip.ISO_DEP),
}


# --- one tap, one report -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", CARDS)
def test_a_card_that_lies_still_fires_once(bench: Pn532Bench, kind: str) -> None:
    make, chip = CARDS[kind]
    bench.field.place(make())
    seen = bench.card()
    assert (seen.reader, seen.chip, seen.torn) == ("front", chip, False)
    assert bench.silent(polls=8)


def test_the_uid_is_the_card_s_own(bench: Pn532Bench) -> None:
    bench.field.place(Ntag213(uid(77)))
    seen = bench.card()
    assert (seen.uid, seen.random_uid, seen.ndef) == (uid(77), False, None)


def test_a_tap_is_dated_by_the_clock_it_was_given(tmp_path: Path) -> None:
    bench = Pn532Bench(tmp_path, monotonic=lambda: 1234.5)
    bench.start()
    bench.field.place(Ntag424(uid(1), KEY))
    assert bench.card().monotonic == 1234.5
    bench.close()


@pytest.mark.parametrize("kind", CARDS)
def test_a_flicker_is_silent(bench: Pn532Bench, kind: str) -> None:
    bench.field.place(CARDS[kind][0]())
    bench.card()
    bench.field.flicker(TRIES_A_POLL * (POLLS_OF_AN_ABSENCE - 1))
    assert bench.silent(polls=6)


def test_the_same_card_fires_again_when_it_comes_back(bench: Pn532Bench) -> None:
    card = Ntag213(uid(1))
    for _ in range(3):
        bench.field.place(card)
        assert bench.card().uid == uid(1)
        bench.take_away()
    assert bench.told.empty()


def test_another_card_fires_at_once(bench: Pn532Bench) -> None:
    cards: list[SimulatedCard] = [
        Ntag213(uid(1)),
        Ntag424(uid(2), KEY),
        Ntag213(uid(1)),
        MifareClassic(b"abcd"),
    ]
    for card in cards:
        bench.field.place(card)
        assert bench.card().uid == card.uid
    assert bench.silent()


def test_a_phone_is_marked_as_no_identity(bench: Pn532Bench) -> None:
    bench.field.place(RandomUidPhone())
    seen = bench.card()
    assert (seen.random_uid, seen.ndef, seen.torn) == (True, None, False)


# --- messages ----------------------------------------------------------------------------------


def identity(seen: CardSeen) -> SunIdentity:
    assert seen.ndef is not None
    return verify(read_message(seen.ndef), KEY)


def test_each_tap_of_an_ntag424_verifies_with_a_counter_one_larger(bench: Pn532Bench) -> None:
    card = Ntag424(uid(9), KEY, counter=40)
    identities = []
    for _ in range(3):
        bench.field.place(card)
        identities.append(identity(bench.card()))
        bench.take_away()
    assert identities == [SunIdentity(uid(9), n) for n in (41, 42, 43)]


def test_a_replayed_message_shows_by_its_counter(bench: Pn532Bench) -> None:
    original = Ntag424(uid(9), KEY)
    copy = ReplayedCard(uid(9), original.read_url())
    counters = []
    for card in (original, copy, copy):
        bench.field.place(card)
        counters.append(identity(bench.card()).counter)
        bench.take_away()
    assert counters == [2, 1, 1]


@pytest.mark.parametrize("answers", range(1, ANSWERS_OF_A_READING))
def test_a_torn_reading_is_tried_again_while_the_card_stays(
    bench: Pn532Bench, answers: int
) -> None:
    bench.field.tear(answers)
    bench.field.place(Ntag424(uid(9), KEY))
    seen = bench.card()
    assert (seen.torn, identity(seen).uid) == (False, uid(9))
    assert bench.silent()


@pytest.mark.parametrize("answers", range(1, ANSWERS_OF_A_READING))
def test_a_card_that_leaves_unread_is_told_as_torn_and_reads_next_time(
    bench: Pn532Bench, answers: int
) -> None:
    card = Ntag424(uid(9), KEY)
    bench.field.tear(answers, returns=False)
    bench.field.place(card)
    torn = bench.card()
    assert (torn.uid, torn.chip, torn.ndef, torn.torn) == (uid(9), Chip.ISO_DEP, None, True)
    bench.field.place(card)
    assert identity(bench.card()).uid == uid(9)


def test_a_card_that_never_answers_is_told_as_torn_when_it_leaves(bench: Pn532Bench) -> None:
    bench.field.place(MuteCard(uid(9)))
    assert bench.silent()
    bench.field.remove()
    assert bench.card().torn
    assert bench.silent()


# --- outages -----------------------------------------------------------------------------------


def test_a_reader_pulled_out_says_so_and_comes_back(bench: Pn532Bench) -> None:
    for number in range(3):
        bench.hardware.unplug()
        down = bench.state()
        assert (down.reader, down.up, bool(down.reason)) == ("front", False, True)
        bench.hardware.replug()
        assert bench.state().up
        bench.field.place(Ntag213(uid(number)))
        assert bench.card().uid == uid(number)


def test_a_long_outage_is_told_once(bench: Pn532Bench) -> None:
    bench.hardware.unplug()
    assert not bench.state().up
    time.sleep(1.0)
    assert bench.told.empty()
    bench.hardware.replug()
    assert bench.state().up


def test_a_reader_that_comes_later_is_found(idle: Pn532Bench) -> None:
    idle.hardware.unplug()
    idle.reader.start(idle.told.put)
    assert not idle.state().up
    idle.hardware.replug()
    assert idle.state().up


def test_a_reader_pulled_out_in_the_middle_of_a_reading_comes_back(bench: Pn532Bench) -> None:
    bench.field.place(MuteCard(uid(9)))
    bench.let_poll(1)
    bench.hardware.unplug()
    assert not bench.state().up
    assert bench.card().torn
    bench.field.remove()
    bench.hardware.replug()
    assert bench.state().up


def test_noise_on_the_line_does_not_lose_taps(bench: Pn532Bench) -> None:
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


def test_a_chip_that_stops_answering_is_given_up_and_found_again(bench: Pn532Bench) -> None:
    bench.hardware.chip.speed = 460_800
    assert not bench.state().up
    assert bench.state().up
    assert bench.hardware.chip.speed == 115_200


KILLED_AT_ANOTHER_SPEED = """
import os, signal, sys
from nfc.clf import pn532, transport
pn532.init(transport.TTY(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""

KILLED_WHILE_POLLING = """
import os, signal, sys, time
from linli.devices.readers.base import CardSeen
from linli.devices.readers.pn532 import Pn532
def told(message):
    if isinstance(message, CardSeen):
        os.kill(os.getpid(), signal.SIGKILL)
Pn532("front", sys.argv[1]).start(told)
time.sleep(30)
"""


@pytest.mark.parametrize(
    ("program", "speed"), [(KILLED_AT_ANOTHER_SPEED, 921_600), (KILLED_WHILE_POLLING, 115_200)]
)
def test_a_reader_left_behind_by_a_killed_program_is_taken_over(
    idle: Pn532Bench, program: str, speed: int
) -> None:
    idle.field.place(Ntag424(uid(3), KEY))
    arguments = [sys.executable, "-c", program, str(idle.hardware.path)]
    assert subprocess.run(arguments, timeout=30, check=False).returncode == -signal.SIGKILL
    assert idle.hardware.chip.speed == speed
    idle.start()
    assert idle.card().uid == uid(3)


def test_what_is_no_reader_is_said_to_be_none(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    told: queue.Queue[CardSeen | ReaderState] = queue.Queue()
    reader = Pn532("front", os.ttyname(theirs))
    reader.start(told.put)
    state = told.get(timeout=PATIENCE_S)
    reader.close()
    os.close(ours)
    os.close(theirs)
    assert isinstance(state, ReaderState)
    assert (state.up, "no PN532" in state.reason) == (False, True)


def test_a_reader_in_use_is_left_alone(bench: Pn532Bench) -> None:
    told: queue.Queue[CardSeen | ReaderState] = queue.Queue()
    second = Pn532("second", bench.hardware.path)
    second.start(told.put)
    state = told.get(timeout=PATIENCE_S)
    second.close()
    assert isinstance(state, ReaderState)
    assert (state.up, "another program" in state.reason) == (False, True)
    bench.field.place(Ntag213(uid(5)))
    assert bench.card().uid == uid(5)


# --- closing -----------------------------------------------------------------------------------


def left_open() -> tuple[set[str], list[str]]:
    return {t.name for t in threading.enumerate()}, sorted(os.listdir("/proc/self/fd"))


def test_closing_leaves_no_thread_no_descriptor_and_no_file(tmp_path: Path) -> None:
    before = left_open()
    bench = Pn532Bench(tmp_path)
    bench.start()
    bench.field.place(Ntag424(uid(1), KEY))
    bench.card()
    bench.hardware.unplug()
    bench.hardware.replug()
    bench.state()
    bench.state()
    bench.close()
    assert left_open() == before
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_told_after_closing(bench: Pn532Bench) -> None:
    bench.reader.close()
    bench.field.place(Ntag213(uid(1)))
    time.sleep(0.2)
    assert bench.told.empty()


def test_closing_twice_or_before_starting_is_fine(idle: Pn532Bench) -> None:
    idle.reader.close()
    idle.reader.close()
    assert idle.told.empty()


def test_closing_during_an_outage_ends_the_reader(bench: Pn532Bench) -> None:
    bench.hardware.unplug()
    assert not bench.state().up
    bench.reader.close()
    assert not any(thread.name == "reader front" for thread in threading.enumerate())
