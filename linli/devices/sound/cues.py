"""The two short sounds, made of sine tones: a rising pair for what went well, a falling one for
what did not. They differ in direction, not in pitch alone, so that a hard-of-hearing ear that
has lost the high tones still tells them apart."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from functools import cache

from linli.devices.sound.base import Cue
from linli.devices.sound.pcm import FULL, RATE, Samples

LOUD = 0.5
ATTACK_S, PAUSE_S = 0.008, 0.02
"""Without an attack a tone begins with a click."""
OVERTONES = ((1, 1.0), (2, 0.25), (3, 0.08))
"""Multiples of the tone and their share: a little like a chime."""


@dataclass(frozen=True)
class Tone:
    hertz: float
    seconds: float


TONES = {
    Cue.SUCCESS: (Tone(659.26, 0.11), Tone(987.77, 0.19)),  # E5, B5
    Cue.TROUBLE: (Tone(440.0, 0.14), Tone(329.63, 0.20)),  # A4, E4
}


@cache
def cue(which: Cue) -> Samples:
    samples = array("h")
    for tone in TONES[which]:
        samples.extend(_tone(tone))
        samples.extend([0] * round(PAUSE_S * RATE))
    return samples


def _tone(tone: Tone) -> Samples:
    length = round(tone.seconds * RATE)
    share = sum(part for _, part in OVERTONES)
    return array(
        "h",
        (
            round(FULL * LOUD * _envelope(number, length) * _chord(tone.hertz, number) / share)
            for number in range(length)
        ),
    )


def _chord(hertz: float, number: int) -> float:
    turn = 2 * math.pi * hertz * number / RATE
    return sum(part * math.sin(multiple * turn) for multiple, part in OVERTONES)


def _envelope(number: int, length: int) -> float:
    """Up at once, then down to nothing in half a wave of a cosine."""
    attack = ATTACK_S * RATE
    if number < attack:
        return number / attack
    return 0.5 * (1 + math.cos(math.pi * (number - attack) / (length - attack)))
