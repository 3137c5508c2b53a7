"""What a PC/SC reader's ATR tells about a contactless card (PC/SC Specification 2.01, part 3,
section 3.1.3.2.3)."""

from __future__ import annotations

from linli.devices.readers.base import Chip

STORAGE_CARD = bytes.fromhex("804F0CA000000306")
"""Historical bytes of a card without ISO-DEP: application identifier of the PC/SC workgroup."""
CLASSIC_NAMES = {0x0001, 0x0002, 0x0026}
"""MIFARE Classic 1K, 4K and Mini (supplemental document, “Card names”)."""


def chip_of_atr(atr: bytes) -> Chip:
    """A reader makes a storage card's ATR up; any other ATR is an ISO-DEP card's own bytes."""
    at = atr.find(STORAGE_CARD)
    if at < 0:
        return Chip.ISO_DEP
    name = int.from_bytes(atr[at + 9 : at + 11], "big")
    return Chip.CLASSIC if name in CLASSIC_NAMES else Chip.TYPE2
