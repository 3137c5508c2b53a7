"""The board's doors, against its real firmware in virtual time."""

from __future__ import annotations

import contextlib

import pytest
from doubles.board_bench import NONCE, OTHER, Bench, refusal
from doubles.clock import HandClock
from doubles.device_line import DeviceLine

from linli.devices.simulated.board_pins import EVENTS, OPENINGS, Cut, Word
from linli.devices.simulated.cabinet import Pulse
from linli.firmware_bridge import smp
from linli.firmware_bridge.board import Board, DoorState, Outcome, Pattern, Refusal, Settings
from linli.firmware_bridge.board_log import EventKind
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import MalformedAnswerError, NoAnswerError, RefusedError


def test_echo_comes_back(bench: Bench) -> None:
    assert bench.board.echo("邻里") == "邻里"


def test_the_board_tells_what_it_is(bench: Bench) -> None:
    info = bench.board.info()
    assert (info.protocol, info.doors, info.boot, info.hardware) == (1, 6, 1, "host")
    assert info.kept >= 64
    assert {"lights", "buzzer", "pir", "tamper"} <= info.parts


def test_a_door_opens_and_its_contact_is_the_proof(bench: Bench) -> None:
    begun = bench.board.open(3, NONCE)
    assert (begun.door, begun.outcome, begun.again) == (3, Outcome.UNDER_WAY, False)
    assert bench.outcome() is Outcome.OPENED
    assert (bench.cabinet.opened, bench.board.doors()[2]) == ([3], DoorState.OPEN)


def test_a_jammed_door_is_told_as_jammed(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.open(3, NONCE)
    assert bench.outcome() is Outcome.JAMMED
    assert (EventKind.DOOR_JAMMED, 3) in bench.kinds()


def test_a_pulse_ends_by_itself(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.open(3, NONCE)
    bench.line.pause(3.0)
    assert bench.cabinet.pulses == [Pulse(3, pytest.approx(0.5, abs=0.01))]


def test_a_coil_goes_off_after_two_seconds_even_where_the_firmware_hangs(bench: Bench) -> None:
    bench.board.configure(Settings(pulse_ms=2000, within_ms=3000))
    bench.cabinet.jammed.add(3)
    bench.board.open(3, NONCE)
    bench.chip.memory[Word.HANG] = 1
    bench.line.pause(5.0)
    assert bench.cabinet.pulses == [Pulse(3, pytest.approx(2.0, abs=0.01))]
    assert bench.cabinet.pulses[0].seconds <= 2.0


def test_a_nonce_used_again_opens_nothing_and_answers_what_became_of_the_first(
    bench: Bench,
) -> None:
    bench.board.open(3, NONCE)
    assert bench.outcome() is Outcome.OPENED
    bench.cabinet.push_shut(3)
    again = bench.board.open(3, NONCE)
    bench.line.pause(3.0)
    assert (again.outcome, again.again, bench.cabinet.opened) == (Outcome.OPENED, True, [3])


def test_nonces_and_outcomes_survive_a_reset(bench: Bench) -> None:
    bench.board.open(3, NONCE)
    assert bench.outcome() is Outcome.OPENED
    bench.cabinet.push_shut(3)
    bench.board.reset()
    assert bench.board.open(3, NONCE).outcome is Outcome.OPENED
    bench.line.pause(3.0)
    assert bench.cabinet.opened == [3]


def test_as_many_nonces_as_are_told_are_kept_and_then_the_oldest_goes(bench: Bench) -> None:
    bench.board.configure(Settings(pulse_ms=10, within_ms=10, left_open_ms=30_000))
    bench.cabinet.jammed.add(1)
    kept = bench.board.info().kept
    nonces = [number.to_bytes(16, "big") for number in range(kept + 60)]
    for newest, nonce in enumerate(nonces):
        bench.board.open(1, nonce)
        assert bench.outcome(nonce) is Outcome.JAMMED
        assert bench.outcome(nonces[max(0, newest + 1 - kept)]) is Outcome.JAMMED
    with pytest.raises(RefusedError, match=refusal(Refusal.NONCE_UNKNOWN)):
        bench.board.outcome(nonces[0])
    bench.chip.power_up()
    assert {bench.outcome(nonce) for nonce in nonces[-kept:]} == {Outcome.JAMMED}


def test_outputs_are_off_after_a_reset_and_the_opening_was_interrupted(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.light(Pattern.GUIDE, 3)
    bench.board.buzz(Pattern.SUCCESS)
    bench.board.open(3, NONCE)
    assert bench.cabinet.coil_is_on(3)
    assert bench.chip.lit == {"3"}
    bench.board.reset()
    bench.line.pause(0.05)
    assert not bench.cabinet.coil_is_on(3)
    assert (bench.chip.lit, bench.chip.buzzes) == (set(), False)
    assert bench.outcome() is Outcome.INTERRUPTED


def test_one_door_at_a_time(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.open(3, NONCE)
    with pytest.raises(RefusedError, match=refusal(Refusal.COIL_BUSY)):
        bench.board.open(4, OTHER)
    bench.outcome()
    assert bench.board.open(4, OTHER).outcome is Outcome.UNDER_WAY


@pytest.mark.parametrize("door", [0, 7, 300])
def test_a_door_that_is_not_there_is_refused(bench: Bench, door: int) -> None:
    with pytest.raises(RefusedError, match=refusal(Refusal.NO_SUCH_DOOR)):
        bench.board.open(door, NONCE)


def test_a_nonce_of_another_door_is_refused(bench: Bench) -> None:
    bench.board.open(3, NONCE)
    bench.outcome()
    with pytest.raises(RefusedError, match=refusal(Refusal.OTHER_DOOR)):
        bench.board.open(4, NONCE)


def test_a_door_that_stands_open_is_refused_and_the_nonce_stays_good(bench: Bench) -> None:
    bench.cabinet.pull_open(3)
    bench.line.pause(0.1)
    with pytest.raises(RefusedError, match=refusal(Refusal.DOOR_OPEN)):
        bench.board.open(3, NONCE)
    bench.cabinet.push_shut(3)
    bench.line.pause(0.05)
    bench.board.open(3, NONCE)
    assert bench.outcome() is Outcome.OPENED


def test_a_nonce_that_was_never_used_is_unknown(bench: Bench) -> None:
    with pytest.raises(RefusedError, match=refusal(Refusal.NONCE_UNKNOWN)):
        bench.board.outcome(NONCE)


@pytest.mark.parametrize("where", Cut)
@pytest.mark.parametrize("write", range(1, 6))
def test_power_cut_at_any_write_of_an_opening_never_opens_twice(
    bench: Bench, write: int, where: Cut
) -> None:
    bench.chip.memory.cut(write, where)
    with contextlib.suppress(NoAnswerError):
        bench.board.open(3, NONCE)
        bench.outcome()
    bench.chip.memory.cut(0)
    bench.cabinet.push_shut(3)
    bench.chip.power_up()
    try:
        known = bench.outcome()
    except RefusedError:
        assert bench.cabinet.opened == []
        return
    assert (known is Outcome.OPENED) <= (bench.cabinet.opened == [3])
    assert bench.board.open(3, NONCE).again
    bench.line.pause(3.0)
    assert len(bench.cabinet.pulses) <= 1


def test_a_nonce_that_cannot_be_kept_opens_nothing_and_stays_good(bench: Bench) -> None:
    kept = bench.chip.memory.flash()
    worn = kept[:OPENINGS] + bytes(EVENTS - OPENINGS) + kept[EVENTS:]
    bench.chip.memory.fill(0, worn)
    with pytest.raises(RefusedError, match=refusal(Refusal.STORAGE)):
        bench.board.open(3, NONCE)
    bench.line.pause(1.0)
    assert (bench.cabinet.opened, bench.cabinet.pulses) == ([], [])
    bench.chip.memory.fill(0, kept)
    assert bench.board.open(3, NONCE).again is False
    assert bench.outcome() is Outcome.OPENED


@pytest.mark.parametrize("nonce", [b"", bytes(15), bytes(17)])
def test_a_nonce_of_another_size_is_not_sent(bench: Bench, nonce: bytes) -> None:
    with pytest.raises(ValueError, match="16"):
        bench.board.open(1, nonce)
    assert bench.line.written == []


def test_an_answer_of_a_firmware_that_does_not_fit_is_said_to_be_none() -> None:
    class Odd:
        def tick(self) -> None: ...

        def receive(self, data: bytes) -> bytes:
            request = smp.unpacked(smp.Decoder().feed(data)[0])
            answer = smp.Message(smp.Op.READ_ANSWER, 65, request.command, request.sequence, {})
            return smp.framed(smp.packed(answer))

    clock = HandClock()
    board = Board(Client(DeviceLine(Odd(), clock), monotonic=clock.monotonic))
    with pytest.raises(MalformedAnswerError, match="doors"):
        board.doors()


def test_a_verb_the_firmware_does_not_know_is_refused(bench: Bench) -> None:
    with pytest.raises(RefusedError, match="code 8"):
        bench.client.read(65, 99)
