"""Requests to the board over lines that change, lose, double and hold back what they carry."""

from __future__ import annotations

import random

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.devices.simulated.line_faults import LineFaults
from linli.firmware_bridge import smp
from linli.firmware_bridge.client import Client, Patience
from linli.firmware_bridge.errors import (
    LineGoneError,
    NoAnswerError,
    RefusedError,
)


class Counter:
    """Answers each request with what it was asked and how many it has heard."""

    def __init__(self) -> None:
        self.heard = 0
        self.before = self.after = b""
        self.error: dict[str, object] = {}
        self._decoder = smp.Decoder()

    def tick(self) -> None:
        """Nothing happens by itself."""

    def receive(self, data: bytes) -> bytes:
        answers = b""
        for packet in self._decoder.feed(data):
            request = smp.unpacked(packet)
            self.heard += 1
            body = self.error or {"asked": request.body["ask"], "heard": self.heard}
            answer = smp.Message(
                smp.Op(request.op + 1), request.group, request.command, request.sequence, body
            )
            answers += self.before + smp.framed(smp.packed(answer)) + self.after
        return answers


class Bench:
    def __init__(self, faults: LineFaults | None = None, attempts: int = 4) -> None:
        clock = HandClock()
        self.device = Counter()
        self.line = DeviceLine(self.device, clock, faults)
        self.client = Client(self.line, Patience(attempts), clock.monotonic)

    def ask(self, what: int) -> int:
        answer = self.client.read(65, 1, {"ask": what})
        assert answer["asked"] == what
        heard = answer["heard"]
        assert isinstance(heard, int)
        return heard


def test_a_question_is_answered_at_the_first_attempt() -> None:
    assert Bench().ask(5) == 1


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_an_answer_on_a_bad_line_is_the_answer_to_this_question(seed: int) -> None:
    faults = LineFaults(random.Random(seed), corrupt=0.005, lose=0.1, duplicate=0.2, late_s=0.4)
    bench = Bench(faults, attempts=12)
    for number in range(20):
        try:
            bench.ask(number)
        except NoAnswerError:
            continue


def test_what_is_lost_on_a_bad_line_is_asked_again() -> None:
    faults = LineFaults(random.Random(3), corrupt=0.003, lose=0.1)
    bench = Bench(faults, attempts=12)
    assert [bench.ask(number) for number in range(200)][-1] > 200


def test_a_late_answer_is_nobody_s() -> None:
    bench = Bench(attempts=1)
    bench.line.faults.late_s = 1.0
    bench.line.faults.random = random.Random(2)  # the first answer comes after 0.95 s
    with pytest.raises(NoAnswerError):
        bench.ask(1)
    bench.line.faults.late_s = 0.0
    bench.line.pause(0.5)
    assert bench.ask(2) == 2


def test_the_board_s_console_does_not_disturb() -> None:
    bench = Bench()
    bench.device.before, bench.device.after = b"*** booting ***\r\n\x00\xff", b"uart:~$ "
    assert [bench.ask(n) for n in range(3)] == [1, 2, 3]


def test_half_a_request_before_a_time_out_does_not_swallow_the_next() -> None:
    bench = Bench()
    bench.line.write(b"\x06\x09AA9IZW")
    assert bench.ask(1) == 1


def test_sequence_numbers_start_over_after_256() -> None:
    bench = Bench()
    assert [bench.ask(n) for n in range(600)] == list(range(1, 601))


def test_silence_is_told_as_sent_and_not_answered() -> None:
    bench = Bench(LineFaults(lose=1.0))
    with pytest.raises(NoAnswerError):
        bench.ask(1)
    assert len(bench.line.written) == 4


def test_a_line_that_is_not_there_is_told_as_nothing_sent() -> None:
    bench = Bench()
    bench.line.plugged = False
    with pytest.raises(LineGoneError):
        bench.ask(1)
    assert bench.line.written == []


def test_a_line_lost_while_waiting_is_told_as_sent() -> None:
    bench = Bench(LineFaults(lose=1.0))
    bench.line.on_step = lambda: setattr(bench.line, "plugged", False)
    with pytest.raises(NoAnswerError):
        bench.ask(1)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"err": {"group": 65, "rc": 2}}, (65, 2)),
        ({"rc": 8}, (65, 8)),
        ({"err": {}}, (65, 1)),
    ],
)
def test_a_refusal_is_told_with_group_and_code(
    error: dict[str, object], told: tuple[int, int]
) -> None:
    bench = Bench()
    bench.device.error = error
    with pytest.raises(RefusedError) as refused:
        bench.ask(1)
    assert (refused.value.group, refused.value.code) == told
    assert bench.device.heard == 1
