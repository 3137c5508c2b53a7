"""The machine as it is said: each value is looked at no oftener than it may change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linli.devices.host.power import Strain
from linli.devices.host.readings import Readings, Vcgencmd, read, room
from linli.kiosk.health.kernel_clock import KernelClock, kernel_clock
from linli.sync.clock import Clock
from linli.sync.health_messages import MachineHealth

MB = 1_000_000
ROLLUP = "proc/self/smaps_rollup"
MEMORY_EACH_S = 600.0
"""The kernel walks all pages to add them up: a few milliseconds."""


@dataclass(frozen=True)
class Instruments:
    """Where the machine is read: `root` is / on a real one, `vcgencmd` is asked where the kernel
    has no file for it."""

    root: Path = Path("/")
    vcgencmd: Vcgencmd | None = None
    kernel_clock: Callable[[], KernelClock] = kernel_clock


class Machine:
    """`data` lies on the disk whose room is told."""

    def __init__(self, data: Path, clock: Clock, instruments: Instruments) -> None:
        self._data, self._clock, self._instruments = data, clock, instruments
        self._memory_mb: int | None = None
        self._memory_at: float | None = None

    def look(self) -> MachineHealth:
        at = self._instruments
        readings, kernel = read(at.root, at.vcgencmd), at.kernel_clock()
        free, total = self._room()
        return MachineHealth(
            celsius=readings.celsius,
            throttled_now=_strains(readings.now),
            throttled_since_start=_strains(readings.ever),
            disk_free_mb=free,
            disk_total_mb=total,
            disk_worn_percent=_worn(readings),
            memory_mb=self._memory(),
            clock_good=self._clock.good(),
            clock_source=kernel.source,
            clock_offset_ms=kernel.offset_ms,
        )

    def _room(self) -> tuple[int | None, int | None]:
        try:
            found = room(self._data)
        except OSError:
            return None, None
        return found.free // MB, found.total // MB

    def _memory(self) -> int | None:
        now = self._clock.monotonic()
        if self._memory_at is None or now - self._memory_at >= MEMORY_EACH_S:
            self._memory_at, self._memory_mb = now, _pss_mb(self._instruments.root / ROLLUP)
        return self._memory_mb


def _strains(strain: Strain | None) -> list[str]:
    return [] if strain is None else [str(one.name).lower().replace("_", "-") for one in strain]


def _worn(readings: Readings) -> int | None:
    used = [wear.used_percent for wear in readings.wear.values() if wear.used_percent is not None]
    return max(used, default=None)


def _pss_mb(rollup: Path) -> int | None:
    """None on a kernel without it."""
    try:
        lines = rollup.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    kilobytes = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return int(kilobytes[0]) * 1024 // MB if kilobytes and kilobytes[0].isdigit() else None
