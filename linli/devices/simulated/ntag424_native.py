"""How an NTAG 424 DNA is commanded and refuses: native commands inside APDUs, and the second byte
of their status (NT4H2421Gx, section 8.4)."""

from __future__ import annotations

from enum import IntEnum

from linli.cards.secure_messaging import NATIVE


class Status(IntEnum):
    OK = 0x00
    ILLEGAL = 0x1C
    INTEGRITY = 0x1E
    NO_KEY = 0x40
    LENGTH = 0x7E
    DENIED = 0x9D
    PARAMETER = 0x9E
    DELAY = 0xAD
    AUTHENTICATION = 0xAE
    MORE = 0xAF
    BOUNDARY = 0xBE
    NOT_FOUND = 0xF0


class RefusedError(Exception):
    """The command is answered with this status; whatever session there was is over."""

    def __init__(self, status: Status) -> None:
        super().__init__(f"91{status:02X}")
        self.status = status


def unwrapped(apdu: bytes) -> tuple[int, bytes]:
    """Command and data. Raises RefusedError."""
    if len(apdu) < 5 or apdu[0] != NATIVE or apdu[2:4] != b"\0\0":
        raise RefusedError(Status.ILLEGAL)
    if len(apdu) == 5:
        return apdu[1], b""
    if len(apdu) != 6 + apdu[4] or apdu[-1]:
        raise RefusedError(Status.LENGTH)
    return apdu[1], apdu[5:-1]
