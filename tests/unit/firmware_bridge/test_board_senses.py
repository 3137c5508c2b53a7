"""The board's lights, buzzer, sensors and watch over its host, against its real firmware."""

from __future__ import annotations

from itertools import pairwise

import pytest
from doubles.board_bench import Bench, refusal

from linli.firmware_bridge.board import Pattern, Refusal
from linli.firmware_bridge.board_log import EventKind
from linli.firmware_bridge.errors import RefusedError


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
