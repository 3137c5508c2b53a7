"""Samples, WAV files and the two cues."""

from __future__ import annotations

import struct
from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.sound.base import Cue, SoundError
from linli.devices.sound.cues import cue
from linli.devices.sound.pcm import FULL, RATE, at_volume, loudness, samples_of, seconds, wav_of


@given(st.lists(st.integers(-FULL - 1, FULL)))
def test_a_wav_gives_its_samples_back(values: list[int]) -> None:
    assert list(samples_of(wav_of(array("h", values)))) == values


def test_a_wav_from_a_pipe_does_not_know_its_length() -> None:
    wav = bytearray(wav_of(array("h", [1, -2, 3])))
    wav[40:44] = struct.pack("<I", 0x7FFFF000)
    assert list(samples_of(bytes(wav))) == [1, -2, 3]


@pytest.mark.parametrize("junk", [b"", b"RIFF", b"MThd" + bytes(60), wav_of(array("h"))[:20]])
def test_what_is_no_wav_is_refused(junk: bytes) -> None:
    with pytest.raises(SoundError, match="no WAV"):
        samples_of(junk)


def test_a_wav_of_another_rate_is_refused() -> None:
    wav = bytearray(wav_of(array("h", [1])))
    wav[24:28] = struct.pack("<I", 8000)
    with pytest.raises(SoundError, match="8000"):
        samples_of(bytes(wav))


@given(st.lists(st.integers(-FULL - 1, FULL), min_size=1), st.integers(0, 100))
def test_a_volume_is_a_share_of_the_amplitude(values: list[int], volume: int) -> None:
    quiet = at_volume(array("h", values), volume)
    assert all(
        abs(now - before * volume / 100) <= 1 for now, before in zip(quiet, values, strict=True)
    )


@pytest.mark.parametrize("which", list(Cue))
def test_a_cue_is_short_and_loud_enough_and_begins_and_ends_without_a_click(which: Cue) -> None:
    samples = cue(which)
    assert 0.2 < seconds(samples) < 0.5
    assert loudness(samples) > 0.1
    assert max(map(abs, samples)) < FULL * 0.6
    steps = [abs(one - other) for one, other in pairwise(samples)]
    assert max(abs(samples[0]), abs(samples[-1])) < 50
    assert max(steps) < FULL * 0.3


def test_success_rises_and_trouble_falls() -> None:
    assert _pitch(Cue.SUCCESS, first=True) < _pitch(Cue.SUCCESS, first=False)
    assert _pitch(Cue.TROUBLE, first=True) > _pitch(Cue.TROUBLE, first=False)


def _pitch(which: Cue, *, first: bool) -> float:
    """How often the sound crosses zero at its beginning or near its end, a second."""
    samples, length = cue(which), RATE // 20
    part = samples[:length] if first else samples[-3 * length : -2 * length]
    crossings = sum(one < 0 <= other for one, other in pairwise(part))
    return crossings * RATE / length
