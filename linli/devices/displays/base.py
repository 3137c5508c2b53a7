"""The door every screen stands behind, as far as its light goes."""

from __future__ import annotations

from typing import Protocol


class DisplayError(OSError):
    """The screen did not do it; the text says why, for the maintainer."""


class Display(Protocol):
    """One screen. Every method may take half a second and raises DisplayError."""

    name: str

    def read(self) -> int:
        """Its brightness in percent of its brightest."""

    def write(self, percent: int) -> None:
        """0 is its darkest light, which can still be read in the dark: never off."""

    def power(self, *, on: bool) -> None:
        """Off: black, and hardly any current. Its touch goes on where it has one."""
