"""The board's verbs, against its real firmware in virtual time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.stepped_board import SteppedBoard

from linli.devices.simulated.board_pins import EVENTS, OPENINGS, Cut, Word
from linli.devices.simulated.cabinet import Cabinet, Pulse
from linli.firmware_bridge import smp
from linli.firmware_bridge.board import Board, DoorState, Outcome, Pattern, Refusal, Settings
from linli.firmware_bridge.board_log import START, Cursor, EventKind
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import MalformedAnswerError, NoAnswerError, RefusedError

NONCE, OTHER = b"n" * 16, b"o" * 16


class Bench:
    """A board with six doors, its cabinet, and a driver over a line in memory."""

    def __init__(self) -> None:
        clock = HandClock()
        self.cabinet = Cabinet(6, clock.monotonic)
        self.chip = SteppedBoard(self.cabinet, clock)
        self.line = DeviceLine(self.chip, clock)
        self.client = Client(self.line, monotonic=clock.monotonic)
        self.board = Board(self.client)
        self.board.configure(Settings(pulse_ms=500, within_ms=1500, left_open_ms=30_000))
        self.line.written.clear()

    def outcome(self, nonce: bytes = NONCE) -> Outcome:
        while (opening := self.board.outcome(nonce)).outcome is Outcome.UNDER_WAY:
            self.line.pause(0.05)
        return opening.outcome

    def kinds(self) -> list[tuple[int, int]]:
        return [(event.kind, event.subject) for event in self.board.events().events]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.chip.close()


def refusal(code: int) -> str:
    return f"group 65, code {code}"


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


UNSAFE = [
    Settings(pulse_ms=2001, within_ms=3000),
    Settings(pulse_ms=0),
    Settings(pulse_ms=500, within_ms=499),
    Settings(left_open_ms=0),
    Settings(doors=7),
]


@pytest.mark.parametrize("settings", UNSAFE)
def test_unsafe_settings_are_refused_and_change_nothing(bench: Bench, settings: Settings) -> None:
    before = bench.board.settings()
    with pytest.raises(RefusedError, match=refusal(Refusal.WRONG_REQUEST)):
        bench.board.configure(settings)
    assert bench.board.settings() == before


def test_settings_survive_a_reset(bench: Bench) -> None:
    wanted = Settings(pulse_ms=300, within_ms=900, left_open_ms=5000, doors=4, contact_opens=False)
    assert bench.board.configure(wanted) == wanted
    bench.chip.power_up()
    assert bench.board.settings() == wanted
    assert len(bench.board.doors()) == 4


def test_a_door_whose_switch_closes_when_it_opens_is_told_as_open(bench: Bench) -> None:
    bench.board.configure(Settings(contact_opens=False))
    bench.line.pause(0.1)
    assert set(bench.board.doors()) == {DoorState.OPEN}
    assert [kind for kind, _ in bench.kinds()] == [EventKind.BOOT]


def test_settings_are_not_changed_under_an_open_coil(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    bench.board.open(3, NONCE)
    with pytest.raises(RefusedError, match=refusal(Refusal.COIL_BUSY)):
        bench.board.configure(Settings(doors=2))


@pytest.mark.parametrize("where", Cut)
@pytest.mark.parametrize("write", [1, 2])
def test_power_cut_while_settings_are_kept_leaves_the_old_or_the_new(
    bench: Bench, write: int, where: Cut
) -> None:
    old, new = bench.board.settings(), Settings(pulse_ms=111, doors=6)
    bench.chip.memory.cut(write, where)
    with pytest.raises(NoAnswerError):
        bench.board.configure(new)
    bench.chip.power_up()
    kept = bench.board.settings()
    assert kept == (new if (write, where) == (2, Cut.AFTER) else old)
    assert bench.board.configure(new) == new


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


def test_the_light_of_done_is_green_and_stays(bench: Bench) -> None:
    bench.board.light(Pattern.SUCCESS)
    for _ in range(20):
        assert bench.chip.lit == {"green"}
        bench.line.pause(0.1)
    bench.board.light(Pattern.OFF)
    assert bench.chip.lit == set()


@pytest.mark.parametrize(("pattern", "led"), [(Pattern.TROUBLE, "red"), (Pattern.GUIDE, "5")])
def test_trouble_and_the_way_to_a_door_blink(bench: Bench, pattern: Pattern, led: str) -> None:
    bench.board.light(pattern, 5)
    seen = []
    for _ in range(100):
        seen.append(bench.chip.lit)
        bench.line.pause(0.02)
    assert seen[0] == {led}
    assert all(lit in ({led}, set()) for lit in seen)
    assert 3 <= sum(before != after for before, after in pairwise(seen)) <= 8


def test_a_light_that_its_host_forgot_goes_out(bench: Bench) -> None:
    bench.board.light(Pattern.SUCCESS)
    bench.line.pause(299)
    assert bench.chip.lit == {"green"}
    bench.line.pause(2)
    assert bench.chip.lit == set()


@pytest.mark.parametrize(
    ("pattern", "tones"), [(Pattern.SUCCESS, 2), (Pattern.TROUBLE, 1), (Pattern.GUIDE, 3)]
)
def test_the_buzzer_plays_each_tune_once(bench: Bench, pattern: Pattern, tones: int) -> None:
    bench.board.buzz(pattern)
    heard = [bench.chip.buzzes]
    for _ in range(400):
        bench.line.pause(0.005)
        heard.append(bench.chip.buzzes)
    assert heard[0]
    assert not heard[-1]
    assert sum(before and not after for before, after in pairwise(heard)) == tones


def test_silence_ends_a_tune(bench: Bench) -> None:
    bench.board.buzz(Pattern.TROUBLE)
    bench.board.buzz(Pattern.OFF)
    assert not bench.chip.buzzes


def test_guiding_to_a_door_that_is_not_there_is_refused(bench: Bench) -> None:
    with pytest.raises(RefusedError, match=refusal(Refusal.NO_SUCH_DOOR)):
        bench.board.light(Pattern.GUIDE, 7)


def test_sensors_tell_what_they_feel(bench: Bench) -> None:
    feels = bench.chip.surroundings
    feels.presence, feels.temperature, feels.ambient = True, -51, 7
    bench.line.pause(0.1)
    sensors = bench.board.sensors()
    assert (sensors.presence, sensors.tamper) == (True, False)
    assert (sensors.temperature, sensors.ambient) == (-51, 7)


def test_presence_lasts_until_nobody_has_moved_for_two_seconds(bench: Bench) -> None:
    feels = bench.chip.surroundings
    for moves in (True, False, True, False):
        feels.presence = moves
        bench.line.pause(0.5)
    assert bench.kinds()[1:] == [(EventKind.PRESENCE, 1)]
    bench.line.pause(2.0)
    assert bench.kinds()[1:] == [(EventKind.PRESENCE, 1), (EventKind.PRESENCE, 0)]


def test_a_host_that_stops_its_heartbeat_loses_its_power_for_ten_seconds_once(
    bench: Bench,
) -> None:
    bench.board.heartbeat(2.0)
    bench.line.pause(1.5)
    bench.board.heartbeat(2.0)
    bench.line.pause(1.9)
    assert bench.chip.gives_host_power
    bench.line.pause(0.2)
    assert not bench.chip.gives_host_power
    bench.line.pause(9.7)
    assert not bench.chip.gives_host_power
    bench.line.pause(0.3)
    assert bench.chip.gives_host_power
    bench.line.pause(60)
    assert bench.kinds()[1:] == [(EventKind.HOST_RESTARTED, 0)]


def test_a_heartbeat_that_was_still_on_the_line_does_not_keep_the_power_away(bench: Bench) -> None:
    bench.board.heartbeat(2.0)
    bench.line.pause(8)
    bench.board.heartbeat(2.0)
    bench.line.pause(4.5)
    assert bench.chip.gives_host_power
    bench.line.pause(60)
    assert bench.chip.gives_host_power


def test_a_heartbeat_of_nought_ends_the_watch(bench: Bench) -> None:
    bench.board.heartbeat(2.0)
    bench.board.heartbeat(0)
    bench.line.pause(5.0)
    assert bench.chip.gives_host_power


def test_the_log_tells_what_happened_in_order(bench: Bench) -> None:
    bench.board.open(2, NONCE)
    bench.outcome()
    bench.line.pause(31)
    bench.cabinet.push_shut(2)
    bench.chip.surroundings.tamper = True
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
    bench.line.pause(0.05)
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


def shake(bench: Bench, times: int) -> None:
    """Two events each."""
    for _ in range(times):
        bench.cabinet.pull_open(1)
        bench.line.pause(0.02)
        bench.cabinet.push_shut(1)
        bench.line.pause(0.02)


def read_all(bench: Bench, after: Cursor = START) -> tuple[list[tuple[int, int]], bool]:
    read, lost, more = [], False, True
    while more:
        events = bench.board.events(after)
        read += [(event.boot, event.sequence) for event in events.events]
        after, more, lost = events.cursor, events.more, lost or events.lost
    return read, lost


def test_events_that_were_overwritten_are_told_as_lost(bench: Bench) -> None:
    shake(bench, 150)
    assert read_all(bench) == ([(1, n) for n in range(1, 302)], False)
    shake(bench, 100)
    read, lost = read_all(bench)
    assert lost
    assert read == [(1, n) for n in range(502 - len(read), 502)]
    assert len(read) >= 300
    oldest = read[0][1]
    assert bench.board.events(Cursor(1, oldest - 2)).lost
    assert not bench.board.events(Cursor(1, oldest - 1)).lost


def cut_while_logging(bench: Bench, kept: bytes, write: int, where: Cut) -> bool:
    """Whether the oldest events were lost, and told as such. Nothing may be lost silently."""
    bench.chip.power_down()
    bench.chip.memory.fill(0, kept)
    bench.chip.power_up()
    before, _ = read_all(bench)
    bench.chip.memory.cut(write, where)
    shake(bench, 15)
    assert bench.chip.dead
    bench.cabinet.push_shut(1)
    bench.chip.power_up()
    after, lost = read_all(bench)
    assert after[-1] == (3, 1)
    assert after == sorted(set(after))
    assert lost is (after[0] != (1, 1))
    assert [event for event in before if event >= after[0]] == [
        event for event in after if event <= before[-1]
    ]
    return lost


def test_power_cut_at_any_write_while_the_log_lets_its_oldest_go_loses_nothing_silently(
    bench: Bench,
) -> None:
    while bench.chip.memory[Word.WRITES] < 350:
        shake(bench, 1)
    kept = bench.chip.memory.flash()
    lost = [cut_while_logging(bench, kept, write, where) for write in range(1, 25) for where in Cut]
    assert lost[0] is False
    assert lost[-1] is True


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
