"""How loud a sound card is: its playback control, through alsa-utils' amixer.

Cards name that control as they like, and some have none: sound over HDMI leaves the volume to the
screen. Percent are those of amixer's `-M`: even steps for the ear, not for the card.
"""

from __future__ import annotations

import re
from pathlib import Path

from linli.devices.programs import ProgramError, Run, run

PREFERRED = ("Master", "PCM", "Speaker", "Headphone", "Digital")
CONTROL = re.compile(r"^Simple mixer control '(?P<name>[^']+)',(?P<index>\d+)", re.MULTILINE)
PERCENT = re.compile(r"Playback -?\d+ \[(\d+)%\]")
MUTED = re.compile(r"Playback [^\n]*\[off\]")
CARDS = "proc/asound/cards"
CARD = re.compile(r"^ *\d+ \[[^\]]*\]: (?P<name>.+)$", re.MULTILINE)


class NoControlError(ProgramError):
    """The card leaves its volume to something else."""


class Mixer:
    """Of the ALSA `device`, such as default or hw:1. Every method raises ProgramError where there
    is no card, and NoControlError where it has no volume of its own."""

    def __init__(self, device: str = "default", ask: Run = run) -> None:
        self._device, self._ask = device, ask

    def read(self) -> int:
        """0 where it is muted."""
        told = self._amixer("sget", self._control())
        return 0 if MUTED.search(told) else _percent(told)

    def write(self, percent: int) -> None:
        """And no more muted."""
        control = self._control()
        told = self._amixer("sset", control, f"{percent}%")
        if MUTED.search(told):
            self._amixer("sset", control, "unmute")

    def _control(self) -> str:
        """Looked for each time: another card may be plugged in."""
        listed = self._amixer("scontrols")
        found = [f"{name},{index}" for name, index in CONTROL.findall(listed)]
        for control in sorted(found, key=_rank):
            if PERCENT.search(self._amixer("sget", control)):
                return control
        raise NoControlError(f"the sound card of {self._device} has no volume of its own")

    def _amixer(self, *words: str) -> str:
        return self._ask(["amixer", "-D", self._device, "-M", *words])


def cards(root: Path) -> list[str]:
    """The names of the sound cards. `root` is / on a real computer."""
    try:
        return CARD.findall((root / CARDS).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return []


def _rank(control: str) -> int:
    name = control.rpartition(",")[0]
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)


def _percent(told: str) -> int:
    """Of the loudest channel."""
    return max(int(percent) for percent in PERCENT.findall(told))
