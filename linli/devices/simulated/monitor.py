"""Screens without hardware: a directory tree as the kernel's, and a monitor that answers ddcutil.

desk = SimulatedDesk(tmp_path)
desk.panel("10-0045", brightest=255)
monitor = desk.monitor("HDMI-A-1", bus=20)
display = find(desk.root, "HDMI-A-1", ask=desk.ddcutil)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linli.devices.programs import ProgramError


@dataclass
class SimulatedMonitor:
    """`deaf`: it does not speak DDC/CI, as most televisions."""

    luminance: int = 50
    most: int = 100
    on: bool = True
    deaf: bool = False


class SimulatedDesk:
    """`root` is passed where / would be."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.monitors: dict[int, SimulatedMonitor] = {}

    def panel(self, name: str, brightest: int = 255, now: int | None = None) -> Path:
        """A touch display on DSI; returns its backlight's directory."""
        self._connector("card1-DSI-1")
        return self._put(
            f"sys/class/backlight/{name}",
            max_brightness=str(brightest),
            brightness=str(brightest if now is None else now),
            bl_power="0",
        )

    def monitor(self, output: str, bus: int, *, deaf: bool = False) -> SimulatedMonitor:
        place = self._connector(f"card1-{output}")
        adapter = self.root / "sys/devices/platform" / f"i2c-{bus}"
        adapter.mkdir(parents=True, exist_ok=True)
        (place / "ddc").symlink_to(adapter)
        self.monitors[bus] = SimulatedMonitor(deaf=deaf)
        return self.monitors[bus]

    def empty(self, output: str) -> None:
        """A connector with nothing in it."""
        self._put(
            f"sys/class/drm/card1-{output}", status="disconnected", enabled="disabled", dpms="Off"
        )

    def ddcutil(self, command: Sequence[str]) -> str:
        """A `Run`, as ddcutil 1.4 and 2.1 answer."""
        program, _, bus, verb, code, *rest = command
        monitor = self.monitors.get(int(bus))
        if program != "ddcutil" or monitor is None or monitor.deaf:
            raise ProgramError("ddcutil: DDC communication failed")
        if verb == "getvcp":
            return f"VCP {code} C {monitor.luminance} {monitor.most}\n"
        if code == "d6":
            monitor.on = rest[0] == "1"
        else:
            monitor.luminance = int(rest[0])
        return ""

    def _connector(self, name: str) -> Path:
        return self._put(f"sys/class/drm/{name}", status="connected", enabled="enabled", dpms="On")

    def _put(self, where: str, **files: str) -> Path:
        place = self.root / where
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (place / name).write_text(f"{text}\n", encoding="ascii")
        return place
