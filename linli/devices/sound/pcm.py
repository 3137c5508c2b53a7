"""Samples and WAV files: one channel, 16 bits, 22,050 a second, as espeak-ng makes them."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from typing import TypeAlias

from linli.devices.sound.base import LOUDEST, SoundError

RATE = 22_050
FULL = 32_767
_BYTES = 2

Samples: TypeAlias = "array[int]"


def wav_of(samples: Samples) -> bytes:
    """A whole WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_BYTES)
        file.setframerate(RATE)
        file.writeframes(_little(samples).tobytes())
    return out.getvalue()


def samples_of(wav: bytes) -> Samples:
    """Also of a WAV that was written to a pipe, whose header does not know its length. Raises
    SoundError."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            form = file.getnchannels(), file.getsampwidth(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundError(f"this is no WAV file: {error}") from error
    if form != (1, _BYTES, RATE):
        raise SoundError(f"a WAV of {form} (channels, bytes, rate) instead of {(1, _BYTES, RATE)}")
    samples = array("h")
    samples.frombytes(data[: len(data) // _BYTES * _BYTES])
    return _little(samples)


def _little(samples: Samples) -> Samples:
    """To or from the order of bytes in a WAV file."""
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples


def at_volume(samples: Samples, volume: int) -> Samples:
    """`volume` is of the amplitude: 30 sounds about half as loud as 100."""
    if volume >= LOUDEST:
        return samples
    return array("h", (sample * volume // LOUDEST for sample in samples))


def seconds(samples: Samples) -> float:
    return len(samples) / RATE


def loudness(samples: Samples) -> float:
    """Root mean square, 0…1."""
    if not samples:
        return 0.0
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / FULL
