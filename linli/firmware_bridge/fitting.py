"""Whether a board is one that this program can work with, said in plain words."""

from __future__ import annotations

from collections.abc import Collection

from linli.firmware_bridge.errors import UnsuitableBoardError

PROTOCOL = 1
"""The version of group 65 that this program speaks (docs/protocol.md)."""
LEAST_KEPT = 64
"""Nonces: whoever asks again after a crash must find them."""


def check_fit(
    *,
    protocol: int,
    firmware: str,
    hardware: str,
    kept: int,
    parts: Collection[str],
    needed: Collection[str] = (),
) -> None:
    """`parts` are those the board has, `needed` those that the program wants. Raises
    UnsuitableBoardError."""
    if protocol != PROTOCOL:
        what = "this program" if protocol > PROTOCOL else "the board's firmware"
        raise UnsuitableBoardError(
            f"the board's firmware {firmware} speaks version {protocol} of its protocol, this "
            f"program version {PROTOCOL}: update {what}"
        )
    if kept < LEAST_KEPT:
        raise UnsuitableBoardError(
            f"the board {hardware} remembers {kept} openings, and {LEAST_KEPT} are needed: a door "
            "could open twice"
        )
    lacking = sorted(set(needed) - set(parts))
    if lacking:
        raise UnsuitableBoardError(f"the board {hardware} has no {', '.join(lacking)}")
