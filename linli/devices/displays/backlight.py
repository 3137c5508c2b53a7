"""Screens whose backlight the kernel knows: Raspberry Pi's own touch displays on DSI, and panels.

Documentation/ABI/stable/sysfs-class-backlight of Linux: `brightness` from 0 to `max_brightness`;
`bl_power` 0 for on, 4 (FB_BLANK_POWERDOWN) for off. Writing takes the group video and a udev rule
(docs/hardware.md).
"""

from __future__ import annotations

import os
from pathlib import Path

from linli.devices.displays.base import DisplayError

ON, OFF = 0, 4
FLOOR = 0.03
"""Many panels are black at their lowest step: somebody who has made it dark could not find the
button that makes it bright."""


class Backlight:
    """A `Display` at `directory`, /sys/class/backlight/…"""

    def __init__(self, directory: Path) -> None:
        self.name = directory.name
        self._directory = directory

    def read(self) -> int:
        return percent_of(self._number("brightness"), self._number("max_brightness"))

    def write(self, percent: int) -> None:
        self._put("brightness", raw_of(percent, self._number("max_brightness")))

    def power(self, *, on: bool) -> None:
        self._put("bl_power", ON if on else OFF)

    def _number(self, name: str) -> int:
        try:
            return int((self._directory / name).read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise DisplayError(f"{self.name}/{name} cannot be read: {error}") from error

    def _put(self, name: str, value: int) -> None:
        try:
            # Nothing is made where it is gone, as opening it with "w" would.
            file = os.open(self._directory / name, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
            try:
                os.write(file, str(value).encode())
            finally:
                os.close(file)
        except OSError as error:
            raise DisplayError(f"{self.name}/{name} cannot be written: {error.strerror}") from error


def raw_of(percent: int, brightest: int) -> int:
    """The step for so many percent; never less than what can be seen."""
    floor = max(1, round(brightest * FLOOR))
    return floor + round((brightest - floor) * percent / 100)


def percent_of(raw: int, brightest: int) -> int:
    floor = max(1, round(brightest * FLOOR))
    if brightest <= floor:
        return 100
    return min(100, max(0, round((raw - floor) * 100 / (brightest - floor))))
