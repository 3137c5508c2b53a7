"""A signed image of the board's firmware, read before it is sent.

The format is MCUboot's (its document "Image Format"), as imgtool writes it; all numbers are little
endian. The board checks again, signature included, before anything of it is run.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEADER = struct.Struct("<IIHHII BBHI I")
TLV = struct.Struct("<HH")
MAGIC, COVERED_MAGIC, SAID_MAGIC = 0x96F3B83D, 0x6908, 0x6907
KEY_HASH, SHA256, SIGNATURE, COUNTER, BOARD = 0x01, 0x10, 0x24, 0x50, 0xA0
"""Types; BOARD is ours: the name of the board it is made for."""
HEADER_SIZE, SLOT_SIZE = 0x200, 0xB800
LARGEST = SLOT_SIZE - 0x400
"""The slot's last sector tells how far an upload has come."""
ADDRESSES = {
    "mps2": (0x2100_0000, 0x2100_B800),
    "nucleo-f103rb": (0x0800_5000, 0x0801_0800),
    "host": (0x0800_5000, 0x0801_0800),
}
"""Of slots A and B, by board: the program runs where it lies."""


class ImageError(ValueError):
    """A file that is no image for a board of ours; the text says what is wrong with it."""


@dataclass(frozen=True)
class Image:
    """`slot` is 0 or 1; `hash` is what the signature is over; `data` is the whole file."""

    version: str
    board: str
    slot: int
    counter: int
    hash: bytes
    key_hash: bytes
    data: bytes


def read_image(data: bytes) -> Image:
    """What an image says of itself, if it is whole. Raises ImageError."""
    if len(data) < HEADER.size or HEADER.unpack_from(data)[0] != MAGIC:
        raise ImageError("this file is no firmware image")
    _, address, header_size, covered_size, size, _, *version, _ = HEADER.unpack_from(data)
    if len(data) > LARGEST:
        raise ImageError(f"the image has {len(data)} bytes, and {LARGEST} fit into the board")
    end = header_size + size
    covered = _tlvs(data, end, COVERED_MAGIC) if covered_size else {}
    said = _tlvs(data, end + covered_size, SAID_MAGIC)
    for kind in (SHA256, KEY_HASH, SIGNATURE):
        if kind not in said:
            raise ImageError("the image is not signed: `make firmware` signs it")
    if BOARD not in covered or len(covered.get(COUNTER, b"")) != 4:
        raise ImageError("the image does not say for which board it is, and how new")
    if hashlib.sha256(data[: end + covered_size]).digest() != said[SHA256]:
        raise ImageError("the image is damaged: its bytes and its hash do not fit")
    board = covered[BOARD].decode(errors="replace")
    return Image(
        version=_version(*version),
        board=board,
        slot=_slot(board, address),
        counter=int.from_bytes(covered[COUNTER], "little"),
        hash=said[SHA256],
        key_hash=said[KEY_HASH],
        data=data,
    )


def _version(major: int, minor: int, revision: int, build: int) -> str:
    return f"{major}.{minor}.{revision}" + (f".{build}" if build else "")


def _slot(board: str, address: int) -> int:
    if board not in ADDRESSES:
        raise ImageError(f"the image is for a board that this program does not know: {board}")
    if address not in ADDRESSES[board]:
        raise ImageError(f"the image is for address {address:#x}, where {board} has no slot")
    return ADDRESSES[board].index(address)


def _tlvs(data: bytes, at: int, magic: int) -> dict[int, bytes]:
    try:
        found, size = TLV.unpack_from(data, at)
    except struct.error as error:
        raise ImageError("the image is cut off: its end is missing") from error
    if found != magic or at + size > len(data):
        raise ImageError("the image is cut off: its end is missing")
    return dict(_each(data[at + TLV.size : at + size]))


def _each(area: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(area):
        if len(area) - at < TLV.size:
            raise ImageError("the image is cut off: its end is missing")
        kind, size = TLV.unpack_from(area, at)
        at += TLV.size + size
        if at > len(area):
            raise ImageError("the image is cut off: its end is missing")
        yield kind, area[at - size : at]
