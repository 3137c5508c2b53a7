"""Reading an NDEF message from an ISO-DEP card (NFC Forum Type 4 Tag 2.0; ISO/IEC 7816-4).

The bytes only: `ndef_reading` yields commands and takes answers, whoever carries them.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

NDEF_APPLICATION = bytes.fromhex("D2760000850101")
NDEF_FILE = 0xE104
"""Where NTAG 424 DNA keeps its message (NT4H2421Gx, 8.2.3). The capability container that would
say so is not read: it never differs on this scheme's cards, and the exchanges cost 10 ms a tap."""
CHUNK = 240
"""Bytes a READ BINARY asks for: the PN532 answers with at most 262 (UM0701-02, 7.3.8)."""
LONGEST = 1024
"""A message that claims to be longer is not ours, and reading it would hold up the next person."""
OK = 0x9000

NdefReading = Generator[bytes, bytes, bytes | None]


class MalformedAnswerError(ValueError):
    """The card's answer is shorter than its own command allows: torn, and worth another try."""


@dataclass(frozen=True)
class Response:
    """A response APDU: data and status word (ISO/IEC 7816-4, 5.1)."""

    data: bytes
    status: int

    @property
    def ok(self) -> bool:
        return self.status == OK


def select_application(name: bytes) -> bytes:
    """SELECT by DF name (ISO/IEC 7816-4, 11.1.1)."""
    return bytes([0x00, 0xA4, 0x04, 0x00, len(name), *name, 0x00])


def select_file(identifier: int) -> bytes:
    """SELECT by file identifier, no answer data wanted."""
    return bytes([0x00, 0xA4, 0x00, 0x0C, 0x02]) + identifier.to_bytes(2, "big")


def read_binary(offset: int, length: int) -> bytes:
    """READ BINARY of the selected file; `length` is 1–255 bytes (ISO/IEC 7816-4, 11.2.3)."""
    return bytes([0x00, 0xB0]) + offset.to_bytes(2, "big") + bytes([length])


def parse_response(answer: bytes) -> Response:
    """Raises MalformedAnswerError for an answer without a status word."""
    if len(answer) < 2:
        raise MalformedAnswerError(f"an answer of {len(answer)} bytes has no status")
    return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))


def ndef_reading() -> NdefReading:
    """Yields the commands of one reading, is sent the answers, returns the message.

    Returns None for a card that carries no message here; that is an answer, not a failure.
    Raises MalformedAnswerError where the card says yes and then does not deliver.
    """
    for select in (select_application(NDEF_APPLICATION), select_file(NDEF_FILE)):
        if not parse_response((yield select)).ok:
            return None
    length = yield from _read(0, 2)
    if length is None:
        return None
    left = int.from_bytes(length, "big")
    if not 0 < left <= LONGEST:
        return None
    message = b""
    while len(message) < left:
        part = yield from _read(2 + len(message), min(CHUNK, left - len(message)))
        if part is None:
            return None
        message += part
    return message


def _read(offset: int, length: int) -> NdefReading:
    response = parse_response((yield read_binary(offset, length)))
    if not response.ok:
        return None
    if len(response.data) != length:
        raise MalformedAnswerError(f"{len(response.data)} of {length} bytes at {offset}")
    return response.data
