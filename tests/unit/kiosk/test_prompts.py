"""When something is said, how loud, and when there is silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.settings import terminal_settings
from doubles.views import checked_in

from linli.devices.sound.base import Cue, Silence, Utterance
from linli.kiosk.flows.views import Home, Screen, View
from linli.kiosk.flows.visit_views import AskCard, Module
from linli.kiosk.peripherals.prompts import Prompts, in_quiet_hours, sound_for
from linli.kiosk.settings import SoundSettings, TerminalSettings
from linli.sync.periods import SHANGHAI

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
DONE = replace(checked_in(NOON), sign_out_after=None)
DAY = SoundSettings(volume=80)
NIGHT = SoundSettings(volume=80, quiet_from="21:00", quiet_until="07:30")


@dataclass
class Ear:
    """A `Sound` that writes down what it hears, and how loud."""

    volume: int = 100
    heard: list[tuple[Utterance, int]] = field(default_factory=list)
    ready: list[Utterance] = field(default_factory=list)
    stopped: int = 0
    broken: bool = False

    def say(self, utterance: Utterance) -> None:
        if self.broken:
            raise RuntimeError("a wire came off")
        self.heard.append((utterance, self.volume))

    def stop(self) -> None:
        self.stopped += 1

    def prepare(self, utterances: Iterable[Utterance]) -> None:
        self.ready.extend(utterances)

    def close(self) -> None:
        self.stopped += 1


def settings(sound: SoundSettings | None, data: Path = Path("data")) -> TerminalSettings:
    return terminal_settings(data, sound=sound)


class Bench:
    def __init__(self, sound: SoundSettings | None = DAY) -> None:
        self.ear, self.clock = Ear(), HandClock()
        self.clock.wall = NOON
        self.prompts = Prompts(self.ear, settings(sound), self.clock)

    def show(self, *shown: View) -> None:
        for view in shown:
            self.prompts.shown(Screen(view))


def test_a_success_is_said_at_the_volume_that_was_set() -> None:
    bench = Bench()
    bench.show(Home("邻里中心"), DONE)
    assert bench.ear.heard == [(Utterance("签到成功，加十分。", cue=Cue.SUCCESS), 80)]


def test_going_home_ends_what_is_being_said() -> None:
    bench = Bench()
    bench.show(Home("邻里中心"), AskCard(Module.POINTS), Home("邻里中心"), Home("邻里中心", ()))
    assert bench.ear.stopped == 1


def test_in_quiet_hours_there_is_only_the_cue_and_softly() -> None:
    bench = Bench(NIGHT)
    bench.clock.wall = NOON.replace(hour=22)
    bench.show(AskCard(Module.POINTS), DONE)
    assert bench.ear.heard == [(Utterance(cue=Cue.SUCCESS), 24)]


def test_after_quiet_hours_the_voice_is_back() -> None:
    bench = Bench(NIGHT)
    bench.clock.wall = NOON.replace(hour=23)
    bench.show(DONE)
    bench.clock.wall = NOON
    bench.show(replace(DONE, trace="next"))
    assert [loud for _, loud in bench.ear.heard] == [24, 80]
    assert bench.ear.heard[1][0].text


@pytest.mark.parametrize("sound", [None, SoundSettings(volume=0)])
def test_without_sound_nothing_is_said_or_made_ready(sound: SoundSettings | None) -> None:
    bench = Bench(sound)
    bench.prompts.prepare()
    bench.show(DONE)
    assert not bench.ear.heard
    assert not bench.ear.ready


def test_a_terminal_without_a_sound_table_has_no_loudspeaker() -> None:
    assert isinstance(sound_for(settings(None)), Silence)


def test_a_volume_that_is_changed_counts_at_once_and_can_be_heard() -> None:
    bench = Bench(NIGHT)
    bench.prompts.volume = 50
    bench.prompts.sample()
    bench.clock.wall = NOON.replace(hour=22)
    bench.prompts.sample()
    bench.show(DONE)
    assert [loud for _, loud in bench.ear.heard] == [50, 50, 15]


def test_what_is_known_is_made_ready_at_the_start() -> None:
    bench = Bench()
    bench.prompts.prepare()
    assert Utterance("签到成功，加十分。", cue=Cue.SUCCESS) in bench.ear.ready


def test_a_broken_loudspeaker_turns_nobody_away() -> None:
    bench = Bench()
    bench.ear.broken = True
    bench.show(DONE)
    bench.ear.broken = False
    bench.show(replace(DONE, trace="next"))
    assert len(bench.ear.heard) == 1


@pytest.mark.parametrize(
    ("begin", "end", "at", "quiet"),
    [
        ("21:00", "07:30", "21:00", True),
        ("21:00", "07:30", "03:00", True),
        ("21:00", "07:30", "07:30", False),
        ("21:00", "07:30", "12:00", False),
        ("12:30", "14:00", "13:00", True),
        ("12:30", "14:00", "14:00", False),
        ("12:00", "12:00", "12:00", False),
    ],
)
def test_quiet_hours_may_cross_midnight(begin: str, end: str, at: str, quiet: bool) -> None:
    sound = SoundSettings(volume=80, quiet_from=begin, quiet_until=end)
    hour, minute = map(int, at.split(":"))
    assert in_quiet_hours(sound, NOON.replace(hour=hour, minute=minute)) is quiet


def test_quiet_hours_are_those_of_the_clock_on_the_wall_not_of_the_machine() -> None:
    sound = SoundSettings(volume=80, quiet_from="21:00", quiet_until="07:30")
    assert in_quiet_hours(sound, dt.datetime(2026, 11, 24, 14, 0, tzinfo=dt.UTC))
