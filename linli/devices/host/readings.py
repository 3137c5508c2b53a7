"""What the kernel tells of the computer it runs on, read below a root directory.

Nothing here fails because something is not there: a Pi 4 has no clock of its own, other computers
no firmware that counts under-voltage, an SD card no word on its wear. That is told as None.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from linli.devices.host.power import Strain, decoded, read_word
from linli.devices.host.wear import Wear, worn

THROTTLED = "sys/devices/platform/soc*/*:firmware/get_throttled"
"""A pattern: the Pi 5 names its parts by their addresses."""
ZONES = "sys/class/thermal"
ALARMS = "sys/class/hwmon"
CLOCKS = "sys/class/rtc"
DISKS = "sys/block"
MODEL = "proc/device-tree/model"
VOLT_CHIP = "rpi_volt"
LONG_AGO = 1_577_836_800
"""2020-01-01: a clock that says less has lost its battery."""
Vcgencmd = Callable[[str], str]
"""`vcgencmd("get_throttled")`: what the program prints. Raises OSError."""


@dataclass(frozen=True)
class HardwareClock:
    """`seconds` since 1970, None where it cannot be read; `millivolts` of its battery where it
    measures that (Raspberry Pi 5)."""

    name: str
    seconds: int | None
    millivolts: int | None = None

    @property
    def set(self) -> bool:
        return self.seconds is not None and self.seconds >= LONG_AGO


@dataclass(frozen=True)
class Room:
    """Bytes of a file system."""

    total: int
    free: int

    @property
    def free_percent(self) -> int:
        return self.free * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class Readings:
    """`celsius` is the hottest zone's; `now` and `ever` are None where no firmware tells them.
    `wear` is by disk."""

    model: str | None = None
    celsius: float | None = None
    now: Strain | None = None
    ever: Strain | None = None
    wear: dict[str, Wear] = field(default_factory=dict)
    clocks: tuple[HardwareClock, ...] = ()


def read(root: Path, vcgencmd: Vcgencmd | None = None) -> Readings:
    """`root` is / on a real computer. `vcgencmd` is asked where the kernel has no file for it."""
    now, ever = _strain(root, vcgencmd)
    return Readings(
        model=_text(root / MODEL),
        celsius=_celsius(root),
        now=now,
        ever=ever,
        wear=_wear(root),
        clocks=tuple(_clock(place) for place in _below(root / CLOCKS, "rtc*")),
    )


def room(path: Path) -> Room:
    """Of the file system that holds `path`. Raises OSError."""
    usage = shutil.disk_usage(path)
    return Room(usage.total, usage.free)


def _celsius(root: Path) -> float | None:
    told = [_number(zone / "temp") for zone in _below(root / ZONES, "thermal_zone*")]
    return max((value / 1000 for value in told if value is not None), default=None)


def _strain(root: Path, vcgencmd: Vcgencmd | None) -> tuple[Strain | None, Strain | None]:
    word = _throttled(root, vcgencmd)
    if word is not None:
        return decoded(word)
    # Newer kernels tell the voltage alone, as an alarm that stays until it has been read.
    for chip in _below(root / ALARMS, "hwmon*"):
        alarm = _number(chip / "in0_lcrit_alarm")
        if _text(chip / "name") == VOLT_CHIP and alarm is not None:
            return (Strain.UNDER_VOLTAGE if alarm else Strain(0)), None
    return None, None


def _throttled(root: Path, vcgencmd: Vcgencmd | None) -> int | None:
    text = next((_text(path) for path in root.glob(THROTTLED)), None)
    try:
        if text is None and vcgencmd is not None:
            text = vcgencmd("get_throttled")
        return None if text is None else read_word(text)
    except (OSError, ValueError):
        return None


def _wear(root: Path) -> dict[str, Wear]:
    found = {}
    for disk in _below(root / DISKS, "mmcblk*"):
        life = _text(disk / "device" / "life_time")
        if life is None:
            continue
        try:
            found[disk.name] = worn(life, _text(disk / "device" / "pre_eol_info") or "")
        except ValueError:
            continue
    return found


def _clock(place: Path) -> HardwareClock:
    volts = _number(place / "battery_voltage")
    return HardwareClock(
        _text(place / "name") or place.name,
        _number(place / "since_epoch"),
        volts // 1000 if volts is not None else None,
    )


def _below(directory: Path, pattern: str) -> list[Path]:
    return sorted(directory.glob(pattern))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        return None


def _number(path: Path) -> int | None:
    text = _text(path)
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
