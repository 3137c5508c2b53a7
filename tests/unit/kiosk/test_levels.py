"""The volume of a terminal: set where it works, kept over a restart, and told where it is not."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.simulated.mixer import SimulatedMixer
from linli.devices.sound.mixer import Mixer
from linli.kiosk.flows.maintenance_views import LevelNote
from linli.kiosk.maintenance.ports import LevelGoneError
from linli.kiosk.peripherals.kept_levels import KeptLevels
from linli.kiosk.peripherals.loudness import Loudness

SETTING = 60


class Ear:
    def __init__(self) -> None:
        self.volume = SETTING
        self.samples: list[int] = []

    def sample(self) -> None:
        self.samples.append(self.volume)


class Bench:
    def __init__(self, directory: Path, setting: int = SETTING) -> None:
        self.ear, self.card = Ear(), SimulatedMixer({"PCM": 20})
        kept = KeptLevels(directory / "levels.json")
        self.loudness = Loudness(
            self.ear, Mixer(ask=self.card), lambda: not self.card.unplugged, kept, setting
        )


def test_the_card_is_set_and_gets_full_samples(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.loudness.begin()
    assert bench.card.levels == {"PCM": SETTING}
    bench.loudness.write(40)
    assert (bench.card.levels, bench.loudness.read()) == ({"PCM": 40}, 40)
    assert bench.ear.samples == [100]


def test_a_card_without_a_volume_gets_smaller_samples(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.card.levels.clear()
    bench.loudness.begin()
    bench.loudness.write(40)
    assert (bench.ear.samples, bench.loudness.read()) == ([40], 40)


def test_at_nothing_nothing_is_said_and_the_card_is_left_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.loudness.write(0)
    assert (bench.ear.volume, bench.card.levels) == (0, {"PCM": 20})


def test_without_a_card_it_is_said_and_nothing_is_changed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.card.unplugged = True
    bench.loudness.begin()
    for act in (bench.loudness.read, lambda: bench.loudness.write(10)):
        with pytest.raises(LevelGoneError) as caught:
            act()
        assert caught.value.note is LevelNote.NO_SOUND_CARD
    bench.card.unplugged = False
    assert bench.loudness.read() == SETTING


def test_a_card_that_is_plugged_in_later_is_set_when_it_is_heard_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.card.unplugged = True
    bench.loudness.begin()
    assert bench.ear.volume == SETTING
    bench.card.unplugged = False
    bench.loudness.begin()
    assert (bench.card.levels, bench.ear.volume) == ({"PCM": SETTING}, 100)


def test_a_choice_outlives_a_restart_until_the_settings_say_something_new(tmp_path: Path) -> None:
    Bench(tmp_path).loudness.write(30)
    again = Bench(tmp_path)
    again.loudness.begin()
    assert again.card.levels == {"PCM": 30}
    assert Bench(tmp_path, setting=80).loudness.read() == 80


@given(st.binary(max_size=60))
def test_a_file_that_makes_no_sense_keeps_nothing(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "levels.json"
        path.write_bytes(content)
        kept = KeptLevels(path)
        assert kept.of("volume", SETTING) == SETTING
        kept.keep("volume", 5, SETTING)
        assert kept.of("volume", SETTING) == 5
        assert [file.name for file in path.parent.iterdir()] == ["levels.json"]


def test_a_disk_that_cannot_be_written_leaves_the_terminal_working(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    bench = Bench(tmp_path / "file")
    bench.loudness.write(30)
    assert (bench.card.levels, bench.loudness.read()) == ({"PCM": 30}, 30)
