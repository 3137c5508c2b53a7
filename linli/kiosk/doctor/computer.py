"""The small computer: its power and warmth, its screens, its clock, its fonts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from linli.devices.displays.finding import connectors
from linli.devices.host.power import Strain
from linli.devices.host.readings import Readings
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.sync.health_messages import HOT_C

SMALLEST_FONT = 100_000
"""Bytes: a font with Chinese in it has some millions."""
Read = Callable[[], Readings]


class PowerCheck:
    subject = Subject.POWER

    def __init__(self, read: Read) -> None:
        self._read = read

    def look(self) -> Finding:
        told = self._read()
        now, ever = told.now, told.ever or Strain(0)
        celsius = "–" if told.celsius is None else f"{told.celsius:.0f}"
        if now is not None and now & Strain.UNDER_VOLTAGE:
            return self._found(State.BROKEN, Code.POWER_LOW, celsius)
        if told.celsius is not None and told.celsius >= HOT_C:
            return self._found(State.NOTICE, Code.POWER_HOT, celsius)
        if now is not None and now & (Strain.THROTTLED | Strain.SOFT_LIMIT):
            return self._found(State.NOTICE, Code.POWER_HOT, celsius)
        if ever & Strain.UNDER_VOLTAGE:
            return self._found(State.NOTICE, Code.POWER_WAS_LOW, celsius)
        if now is None:
            return self._found(State.UNTRIED, Code.POWER_UNKNOWN, celsius)
        return self._found(State.WELL, Code.POWER_WELL, celsius)

    def _found(self, state: State, code: Code, celsius: str) -> Finding:
        return Finding(self.subject, state, code, {"celsius": celsius})


class DisplayCheck:
    """`output` is where the settings say that the screen is."""

    subject = Subject.DISPLAY

    def __init__(self, root: Path, output: str | None) -> None:
        self._root, self._output = root, output

    def look(self) -> Finding:
        every = connectors(self._root)
        names = [one.name for one in every if one.connected]
        values = {"outputs": ", ".join(names) or "–", "output": self._output or "–"}
        if not every:
            return Finding(self.subject, State.UNTRIED, Code.DISPLAY_UNKNOWN, values)
        if not names:
            return Finding(self.subject, State.BROKEN, Code.DISPLAY_NONE, values)
        if self._output is not None and self._output not in names:
            return Finding(self.subject, State.BROKEN, Code.DISPLAY_WRONG_OUTPUT, values)
        return Finding(self.subject, State.WELL, Code.DISPLAY_WELL, values)


class ClockCheck:
    """`good`: the time is known to be right."""

    subject = Subject.CLOCK

    def __init__(self, good: Callable[[], bool], read: Read) -> None:
        self._good, self._read = good, read

    def look(self) -> Finding:
        if not self._good():
            return Finding(self.subject, State.NOTICE, Code.CLOCK_UNCERTAIN)
        clocks = self._read().clocks
        if not clocks:
            return Finding(self.subject, State.WELL, Code.CLOCK_NO_BATTERY)
        if not any(clock.set for clock in clocks):
            return Finding(self.subject, State.NOTICE, Code.CLOCK_BATTERY_EMPTY)
        return Finding(self.subject, State.WELL, Code.CLOCK_WELL)


class FontsCheck:
    """Without them every Chinese character is an empty box."""

    subject = Subject.FONTS

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def look(self) -> Finding:
        fonts = [path for path in self._directory.glob("linli-*.otf") if _whole(path)]
        if not fonts:
            values = {"path": str(self._directory)}
            return Finding(self.subject, State.BROKEN, Code.FONTS_MISSING, values)
        return Finding(self.subject, State.WELL, Code.FONTS_WELL, {"n": len(fonts)})


def _whole(path: Path) -> bool:
    try:
        return path.stat().st_size >= SMALLEST_FONT
    except OSError:
        return False
