"""Which screens are connected, and how each can be made darker: read below a root directory.

A Pi without a desktop has no xset and no wlr-randr; the kernel's dpms file only tells, and the
firmware's `vcgencmd display_power` does nothing under the KMS driver that Raspberry Pi OS has had
since 2023. What is left is the panel's backlight, or DDC/CI on the connector's own I2C bus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from linli.devices.displays.backlight import Backlight
from linli.devices.displays.base import Display, DisplayError
from linli.devices.displays.ddc import DdcMonitor
from linli.devices.programs import Run, run

CONNECTORS = "sys/class/drm"
BACKLIGHTS = "sys/class/backlight"
NAME = re.compile(r"^card\d+-(?P<name>.+)$")
BUS = re.compile(r"^i2c-(\d+)$")
PANELS = ("DSI", "eDP", "LVDS", "DPI")
"""Connectors whose light is the kernel's."""


@dataclass(frozen=True)
class Connector:
    """`name` such as HDMI-A-1. `lit`: a picture is sent. `bus`: its I2C bus, if it has one."""

    name: str
    connected: bool
    lit: bool
    bus: int | None

    @property
    def panel(self) -> bool:
        return self.name.startswith(PANELS)


def connectors(root: Path) -> list[Connector]:
    """All there are; `root` is / on a real computer."""
    return [
        Connector(
            name=found["name"],
            connected=_text(place / "status") == "connected",
            lit=_text(place / "enabled") == "enabled" and _text(place / "dpms") == "On",
            bus=_bus(place / "ddc"),
        )
        for place in sorted((root / CONNECTORS).glob("card*-*"))
        if (found := NAME.match(place.name))
    ]


def find(root: Path, output: str | None = None, ask: Run = run) -> Display | None:
    """The screen at the connector `output`, or the first that can be told; None if there is none
    that can. Monitors are asked, which takes some tenths of a second each."""
    for connector in connectors(root):
        if output in (None, connector.name) and connector.connected:
            display = _behind(connector, root, ask)
            if display is not None:
                return display
    return _panel(root) if output is None else None


def _behind(connector: Connector, root: Path, ask: Run) -> Display | None:
    if connector.panel:
        return _panel(root)
    if connector.bus is None:
        return None
    monitor = DdcMonitor(connector.bus, ask)
    try:
        monitor.read()
    except DisplayError:
        return None
    return monitor


def _panel(root: Path) -> Display | None:
    for place in sorted((root / BACKLIGHTS).glob("*")):
        return Backlight(place)
    return None


def _bus(link: Path) -> int | None:
    """The number is in the name of the directory that `ddc` leads to, or of one in it."""
    if not link.exists():
        return None
    target = link.resolve()
    for name in (target.name, *(below.name for below in sorted(target.glob("i2c-*")))):
        if found := BUS.match(name):
            return int(found[1])
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
