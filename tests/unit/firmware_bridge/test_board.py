"""The board's verbs, against a simulated board that speaks SMP."""

from __future__ import annotations

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine

from linli.devices.simulated.board_chip import BoardChip
from linli.devices.simulated.board_flash import Flash
from linli.devices.simulated.board_machine import BoardMachine, Surroundings, Timing
from linli.devices.simulated.cabinet import Cabinet, Pulse
from linli.firmware_bridge import smp
from linli.firmware_bridge.board import (
    START,
    Board,
    Cursor,
    DoorState,
    EventKind,
    Outcome,
    Pattern,
    Refusal,
)
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import MalformedAnswerError, NoAnswerError, RefusedError

NONCE, OTHER = b"n" * 16, b"o" * 16


class Bench:
    """A board with six doors, its cabinet, and a driver over a line in memory."""

    def __init__(self, flash: Flash | None = None) -> None:
        clock = HandClock()
        self.flash = flash or Flash()
        self.cabinet = Cabinet(6, clock.monotonic)
        self.feels = Surroundings()
        timing = Timing(pulse_s=0.5, opens_within_s=1.5, left_open_s=30.0)
        self.machine = BoardMachine(self.cabinet, self.flash, self.feels, timing, clock.monotonic)
        self.chip = BoardChip(self.machine)
        self.line = DeviceLine(self.chip, clock)
        self.client = Client(self.line, monotonic=clock.monotonic)
        self.board = Board(self.client)

    def outcome(self, nonce: bytes = NONCE) -> Outcome:
        while (opening := self.board.outcome(nonce)).outcome is Outcome.UNDER_WAY:
            self.line.pause(0.05)
        return opening.outcome

    def kinds(self) -> list[tuple[int, int]]:
        return [(event.kind, event.subject) for event in self.board.events().events]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def refusal(code: int) -> str:
    return f"group 65, code {code}"


def test_echo_comes_back(bench: Bench) -> None:
    assert bench.board.echo("邻里") == "邻里"


def test_the_board_tells_what_it_is(bench: Bench) -> None:
    info = bench.board.info()
    assert (info.protocol, info.doors, info.boot, info.kept) == (1, 6, 1, 64)
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


def test_a_pulse_over_two_seconds_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="2"):
        Timing(pulse_s=2.1)


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


def test_the_oldest_nonce_is_forgotten_when_too_many_came(bench: Bench) -> None:
    bench.flash.kept = 2
    for nonce in (NONCE, OTHER, b"p" * 16):
        bench.board.open(1, nonce)
        bench.outcome(nonce)
        bench.cabinet.push_shut(1)
        bench.line.pause(0.1)
    with pytest.raises(RefusedError, match=refusal(Refusal.NONCE_UNKNOWN)):
        bench.board.outcome(NONCE)
    assert bench.outcome(OTHER) is Outcome.OPENED


def test_outputs_are_off_after_a_reset_and_the_opening_was_interrupted(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.light(Pattern.GUIDE, 3)
    bench.board.buzz(Pattern.SUCCESS)
    bench.board.open(3, NONCE)
    assert bench.cabinet.coil_is_on(3)
    bench.board.reset()
    assert not bench.cabinet.coil_is_on(3)
    assert (bench.chip.light, bench.chip.buzzer) == ((Pattern.OFF, 0), Pattern.OFF)
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
    bench.board.open(3, NONCE)
    assert bench.outcome() is Outcome.OPENED


def test_a_nonce_that_was_never_used_is_unknown(bench: Bench) -> None:
    with pytest.raises(RefusedError, match=refusal(Refusal.NONCE_UNKNOWN)):
        bench.board.outcome(NONCE)


@pytest.mark.parametrize("cut", ["cut_before", "cut_after"])
@pytest.mark.parametrize("write", range(4))
def test_power_cut_at_any_write_of_an_opening_never_opens_twice(cut: str, write: int) -> None:
    bench = Bench()
    setattr(bench.flash, cut, write)
    try:
        bench.board.open(3, NONCE)
        bench.outcome()
    except NoAnswerError:
        pass
    bench.flash.cut_before = bench.flash.cut_after = None
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


def test_lights_and_buzzer_show_what_they_are_told(bench: Bench) -> None:
    bench.board.light(Pattern.GUIDE, 5)
    bench.board.buzz(Pattern.TROUBLE)
    assert (bench.chip.light, bench.chip.buzzer) == ((Pattern.GUIDE, 5), Pattern.TROUBLE)


def test_guiding_to_a_door_that_is_not_there_is_refused(bench: Bench) -> None:
    with pytest.raises(RefusedError, match=refusal(Refusal.NO_SUCH_DOOR)):
        bench.board.light(Pattern.GUIDE, 7)


def test_sensors_tell_what_they_feel(bench: Bench) -> None:
    bench.feels.presence, bench.feels.temperature = True, -51
    sensors = bench.board.sensors()
    assert (sensors.presence, sensors.tamper, sensors.temperature) == (True, False, -51)


def test_a_host_that_stops_its_heartbeat_is_restarted_once(bench: Bench) -> None:
    bench.board.heartbeat(2.0)
    bench.line.pause(1.5)
    bench.board.heartbeat(2.0)
    bench.line.pause(1.5)
    assert bench.machine.host_restarts == 0
    bench.line.pause(5.0)
    assert bench.machine.host_restarts == 1


def test_a_heartbeat_of_nought_ends_the_watch(bench: Bench) -> None:
    bench.board.heartbeat(2.0)
    bench.board.heartbeat(0)
    bench.line.pause(5.0)
    assert bench.machine.host_restarts == 0


def test_the_log_tells_what_happened_in_order(bench: Bench) -> None:
    bench.board.open(2, NONCE)
    bench.outcome()
    bench.line.pause(31)
    bench.cabinet.push_shut(2)
    bench.feels.tamper = True
    bench.line.pause(0.1)
    assert bench.kinds() == [
        (EventKind.BOOT, 0),
        (EventKind.DOOR_OPENED, 2),
        (EventKind.DOOR_LEFT_OPEN, 2),
        (EventKind.DOOR_CLOSED, 2),
        (EventKind.TAMPER, 1),
    ]


def test_the_log_is_read_on_from_the_cursor_over_a_reset(bench: Bench) -> None:
    first = bench.board.events()
    assert (first.cursor, first.more, first.lost) == (Cursor(1, 1), False, False)
    bench.board.reset()
    second = bench.board.events(first.cursor)
    assert [(e.boot, e.sequence, e.kind) for e in second.events] == [(2, 1, EventKind.BOOT)]
    assert bench.board.events(second.cursor).events == ()
    assert bench.board.events(second.cursor).cursor == second.cursor


def test_a_long_log_is_read_in_stretches_without_gaps(bench: Bench) -> None:
    for _ in range(20):
        bench.cabinet.pull_open(1)
        bench.line.pause(0.02)
        bench.cabinet.push_shut(1)
        bench.line.pause(0.02)
    numbers, cursor, more = [], START, True
    while more:
        events = bench.board.events(cursor, most=7)
        numbers += [event.sequence for event in events.events]
        cursor, more = events.cursor, events.more
    assert numbers == list(range(1, 42))


def test_events_that_were_overwritten_are_told_as_lost(bench: Bench) -> None:
    bench.flash.lines = 4
    for _ in range(4):
        bench.cabinet.pull_open(1)
        bench.line.pause(0.02)
        bench.cabinet.push_shut(1)
        bench.line.pause(0.02)
    events = bench.board.events()
    assert (events.lost, len(events.events)) == (True, 4)
    assert not bench.board.events(events.cursor).lost


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
