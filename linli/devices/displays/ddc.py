"""Screens on HDMI that can be told over DDC/CI, through ddcutil (VESA MCCS: 10 luminance, D6
power).

Few televisions listen to this, and not every monitor that was switched off with it comes back by
it: power over DDC is for screens that were tried.
"""

from __future__ import annotations

import re

from linli.devices.displays.base import DisplayError
from linli.devices.programs import ProgramError, Run, run

LUMINANCE, POWER = "10", "d6"
ON, OFF = 1, 4
TOLD = re.compile(r"^VCP (?P<code>[0-9A-Fa-f]{2}) C (?P<now>\d+) (?P<most>\d+)", re.MULTILINE)


class DdcMonitor:
    """A `Display` behind the I2C bus of that number (/dev/i2c-…)."""

    def __init__(self, bus: int, ask: Run = run) -> None:
        self.name = f"i2c-{bus}"
        self._bus, self._ask = bus, ask

    def read(self) -> int:
        now, most = self._luminance()
        return round(now * 100 / most)

    def write(self, percent: int) -> None:
        _, most = self._luminance()
        self._tell(LUMINANCE, round(most * percent / 100))

    def power(self, *, on: bool) -> None:
        self._tell(POWER, ON if on else OFF)

    def _luminance(self) -> tuple[int, int]:
        said = self._ddcutil("getvcp", LUMINANCE, "--brief")
        told = TOLD.search(said)
        if told is None or not int(told["most"]):
            raise DisplayError(f"the screen at {self.name} does not tell its brightness: {said!r}")
        return int(told["now"]), int(told["most"])

    def _tell(self, code: str, value: int) -> None:
        self._ddcutil("setvcp", code, str(value), "--noverify")

    def _ddcutil(self, *words: str) -> str:
        try:
            return self._ask(["ddcutil", "--bus", str(self._bus), *words])
        except ProgramError as error:
            raise DisplayError(str(error)) from error
