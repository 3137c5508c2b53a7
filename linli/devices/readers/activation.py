"""What an activated type A card tells about itself (ISO/IEC 14443-3, NXP AN10833)."""

from __future__ import annotations

from dataclasses import dataclass

from linli.devices.readers.base import Chip

SAK_ISO_DEP, SAK_CLASSIC = 0x20, 0x18
UID_SIZES = (4, 7, 10)
RANDOM_ID = 0x08
"""First byte of a four-byte UID that is drawn anew each time (ISO/IEC 14443-3, 6.5.4)."""


class MalformedActivationError(ValueError):
    """The chip's description of a card does not hold together; the card should be tried again."""


@dataclass(frozen=True)
class Target:
    """A card in the field."""

    uid: bytes
    chip: Chip

    @property
    def random_uid(self) -> bool:
        return len(self.uid) == 4 and self.uid[0] == RANDOM_ID

    def same_card(self, other: Target) -> bool:
        """A phone draws another UID whenever the field comes back, so one phone after another
        counts as the same card until it has been away."""
        return self == other or (self.random_uid and other.random_uid)


def chip_of(sak: int) -> Chip:
    """The chip for a SEL_RES byte. A chip that is both (a bank card with MIFARE) is ISO-DEP."""
    if sak & SAK_ISO_DEP:
        return Chip.ISO_DEP
    return Chip.CLASSIC if sak & SAK_CLASSIC else Chip.TYPE2


def parse_target(data: bytes) -> Target:
    """Read the PN532's TargetData for 106 kbps type A (UM0701-02, 7.3.5): SENS_RES (2),
    SEL_RES (1), UID length (1), UID, then an ATS which is not needed here.

    Raises MalformedActivationError for a truncated answer or an impossible UID length.
    """
    if len(data) < 4 or data[3] not in UID_SIZES or len(data) < 4 + data[3]:
        raise MalformedActivationError(f"not a type A target: {len(data)} bytes")
    return Target(bytes(data[4 : 4 + data[3]]), chip_of(data[2]))
