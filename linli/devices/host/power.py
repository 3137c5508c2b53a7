"""The Raspberry Pi's own word on its power and warmth, decoded. Pure.

The firmware keeps twenty bits: what is so now, and what was so at any time since the Pi was
switched on (raspberrypi.com, documentation of `vcgencmd get_throttled`).
"""

from __future__ import annotations

from enum import IntFlag

SINCE_START = 16
"""The bits of what has been stand so far above those of what is."""


class Strain(IntFlag):
    """Why the processor is slower than it could be, or about to be."""

    UNDER_VOLTAGE = 1
    """Under 4.63 V: the power supply or its cable is too weak. Writes to the card may fail."""
    CAPPED = 2
    """The processor's frequency is held down."""
    THROTTLED = 4
    """It is slowed down: too hot, or too little power."""
    SOFT_LIMIT = 8
    """It is at the lower of its two limits of temperature."""


ALL = Strain(15)


def decoded(word: int) -> tuple[Strain, Strain]:
    """What is so now, and what was so since the start."""
    return Strain(word & ALL), Strain(word >> SINCE_START & ALL)


def read_word(text: str) -> int:
    """The number in `throttled=0x50005` (vcgencmd) or `50005` (the kernel's file). Raises
    ValueError."""
    return int(text.strip().rpartition("=")[2], 16)
