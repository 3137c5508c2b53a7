"""Which program has a device open: two that read one serial line take each other's bytes.

Opened exclusively, a line still lets in whoever is root; so it is looked up instead of tried. Other
people's programs are only seen by root.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Holder:
    pid: int
    command: str


def holders(device: Path, root: Path, own_pid: int) -> list[Holder]:
    """Everybody but the process `own_pid` who has the file behind `device` open. `root` is / on a
    real computer."""
    wanted = device.resolve()
    found = []
    for process in sorted(root.glob("proc/[0-9]*")):
        if int(process.name) != own_pid and _has(process, wanted):
            found.append(Holder(int(process.name), _command(process)))
    return found


def _has(process: Path, wanted: Path) -> bool:
    try:
        return any(_opened(descriptor) == wanted for descriptor in (process / "fd").iterdir())
    except OSError:  # it ended meanwhile, or is somebody else's
        return False


def _opened(descriptor: Path) -> Path | None:
    try:
        return descriptor.readlink()
    except OSError:
        return None


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="replace").strip()
