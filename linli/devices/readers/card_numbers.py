"""The numbers that readers type for a card, and the UID that is in them.

Models differ: in the digits, in which byte comes first, and in how they cut a UID of seven bytes
to the four of older cards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.devices.readers.base import Part

CASCADE_TAG = 0x88
"""Stands before the first three bytes of a longer UID (ISO/IEC 14443-3, 6.5.4)."""


class Digits(StrEnum):
    """- `hex`: two hexadecimal digits a byte, 8 or 14 of them
    - `decimal`: ten digits, the UID's four bytes as one number
    - `facility`: eight digits, the last three bytes: 000–255 and 00000–65535
    """

    HEX = "hex"
    DECIMAL = "decimal"
    FACILITY = "facility"


class UnreadableNumberError(ValueError):
    """What was typed is no card's number in this format."""


@dataclass(frozen=True)
class NumberFormat:
    """`reversed_bytes`: the number begins with the UID's last byte. `part`: what is typed of a
    UID that is longer than the number has room for."""

    digits: Digits = Digits.HEX
    reversed_bytes: bool = False
    part: Part = Part.WHOLE


def uid_of(typed: str, form: NumberFormat) -> tuple[bytes, Part]:
    """The bytes in a typed line, the UID's first byte first. Raises UnreadableNumberError."""
    number = _bytes(typed.strip(), form.digits)
    uid = number[::-1] if form.reversed_bytes else number
    if len(uid) == 4 and uid[0] == CASCADE_TAG:
        return uid[1:], Part.FIRST
    return uid, Part.WHOLE if len(uid) > 4 else form.part


def _bytes(typed: str, digits: Digits) -> bytes:
    sizes = {Digits.HEX: (8, 14), Digits.DECIMAL: (10,), Digits.FACILITY: (8,)}[digits]
    if len(typed) not in sizes or not typed.isascii() or not typed.isalnum():
        raise UnreadableNumberError(f"{len(typed)} characters are no card's number")
    try:
        match digits:
            case Digits.HEX:
                return bytes.fromhex(typed)
            case Digits.DECIMAL:
                return int(typed).to_bytes(4, "big")
            case Digits.FACILITY:
                return int(typed[:3]).to_bytes(1, "big") + int(typed[3:]).to_bytes(2, "big")
    except (ValueError, OverflowError) as error:
        raise UnreadableNumberError("these digits are no card's number") from error
