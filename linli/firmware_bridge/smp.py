"""SMP, the protocol of mcumgr, over a serial line: bytes in, bytes out.

A message is an 8-byte header and a CBOR map (Zephyr, "SMP Protocol Specification"):

    res:3 ver:2 op:3 | flags | length of the map, 16 bit | group, 16 bit | sequence | command

On the line it becomes lines of text that may stand between others (mcumgr, "SMP over console"):
length ‖ message ‖ CRC-16/XMODEM in pieces, each in base64 behind `06 09` (the first) or `04 14`
(the others), a newline at the end, at most 127 bytes a line. The length counts message and CRC.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import cbor2

FIRST, CONTINUED, END = b"\x06\x09", b"\x04\x14", b"\n"
LONGEST_LINE = 127
PIECE = (LONGEST_LINE - len(FIRST) - len(END)) // 4 * 3
"""Bytes in a full line, before base64."""
HEADER = struct.Struct("!BBHHBB")
LONGEST = 0xFFFF - 2
"""Bytes of the longest message that the 16-bit length can tell, header included."""
VERSION = 1
"""Of the header: 1 is SMP version 2, whose errors name their group."""


class Op(IntEnum):
    READ = 0
    READ_ANSWER = 1
    WRITE = 2
    WRITE_ANSWER = 3


class MalformedMessageError(ValueError):
    """A whole packet with the right checksum that is no SMP message; the text says why."""


@dataclass(frozen=True)
class Message:
    """One request or answer. `body` has texts as keys and what CBOR knows as values."""

    op: Op
    group: int
    command: int
    sequence: int
    body: Mapping[str, Any]
    version: int = VERSION

    def answers(self, request: Message) -> bool:
        """Whether this is the answer to exactly that request."""
        return (self.op, self.group, self.command, self.sequence) == (
            request.op + 1,
            request.group,
            request.command,
            request.sequence,
        )


def packed(message: Message) -> bytes:
    """Header and map. Raises ValueError where a number does not fit or the map is too long."""
    body = cbor2.dumps(dict(message.body))
    if len(body) > LONGEST - HEADER.size:
        raise ValueError(f"a message holds {LONGEST - HEADER.size} bytes, not {len(body)}")
    first = message.version << 3 | message.op
    try:
        head = HEADER.pack(first, 0, len(body), message.group, message.sequence, message.command)
    except struct.error as error:
        raise ValueError(f"a number does not fit into the header: {error}") from error
    return head + body


def unpacked(packet: bytes) -> Message:
    """The message in a packet, as `Decoder` yields it. Raises MalformedMessageError."""
    if len(packet) < HEADER.size:
        raise MalformedMessageError("shorter than a header")
    first, _, length, group, sequence, command = HEADER.unpack_from(packet)
    if length != len(packet) - HEADER.size:
        raise MalformedMessageError("the header tells another length")
    if first & 0x07 > Op.WRITE_ANSWER:
        raise MalformedMessageError("neither request nor answer")
    body = _map(packet[HEADER.size :])
    return Message(Op(first & 0x07), group, command, sequence, body, first >> 3 & 0x03)


def _map(data: bytes) -> dict[str, Any]:
    try:
        body = cbor2.loads(data) if data else {}
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise MalformedMessageError(f"no CBOR: {error}") from error
    if not isinstance(body, dict) or not all(isinstance(key, str) for key in body):
        raise MalformedMessageError("no map with texts as keys")
    return body


def checksum(data: bytes) -> int:
    """CRC-16/XMODEM: polynomial 1021, from zero, not reflected."""
    return binascii.crc_hqx(data, 0)


def framed(packet: bytes) -> bytes:
    """The lines for one packet. Raises ValueError over `LONGEST` bytes."""
    if len(packet) > LONGEST:
        raise ValueError(f"a packet holds {LONGEST} bytes, not {len(packet)}")
    check = checksum(packet).to_bytes(2, "big")
    whole = (len(packet) + len(check)).to_bytes(2, "big") + packet + check
    return b"".join(_lines(whole))


def _lines(whole: bytes) -> Iterator[bytes]:
    for at in range(0, len(whole), PIECE):
        yield (CONTINUED if at else FIRST) + base64.b64encode(whole[at : at + PIECE]) + END


class Decoder:
    """Finds packets in what comes over a line, whatever lies between them.

    Markers are no characters of base64, so the last marker of a line is where its piece begins;
    a damaged line costs its own packet and never the next one.
    """

    def __init__(self) -> None:
        self._line = b""
        self._packet: bytes | None = None

    def clear(self) -> None:
        """Forget what was begun."""
        self._line, self._packet = b"", None

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that `data` completes, in order, each with the right length and checksum."""
        *lines, rest = (self._line + data).split(END)
        self._line = rest[-LONGEST_LINE:]  # a line that ends well is never longer
        return [packet for line in lines if (packet := self._taken(line)) is not None]

    def _taken(self, line: bytes) -> bytes | None:
        start = max(line.rfind(FIRST), line.rfind(CONTINUED))
        if start < 0:
            return None  # somebody else's line
        begun = b"" if line.startswith(FIRST, start) else self._packet
        piece = _decoded(line[start + len(FIRST) :])
        self._packet = None
        if begun is None or piece is None:
            return None
        return self._completed(begun + piece)

    def _completed(self, whole: bytes) -> bytes | None:
        size = 2 + int.from_bytes(whole[:2], "big")
        if len(whole) < max(4, size):
            self._packet = whole
            return None
        packet, check = whole[2:-2], whole[-2:]
        if len(whole) != size or checksum(packet).to_bytes(2, "big") != check:
            return None
        return packet


def _decoded(text: bytes) -> bytes | None:
    """What base64 stood for; a carriage return before the newline belongs to consoles. A letter at
    the end whose unused bits are not zero was altered on the line (RFC 4648, section 3.5)."""
    letters = text.removesuffix(b"\r")
    try:
        stood_for = base64.b64decode(letters, validate=True)
    except binascii.Error:
        return None
    return stood_for if base64.b64encode(stood_for) == letters else None
