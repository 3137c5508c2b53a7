"""The kept picture of a resting screen, in a file. Imports as little as it can: it is read before
all else."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from linli.kiosk.png import Pixels

LARGEST = 8192
"""Pixels along a side of a screen."""
PIXEL = 4
EFFORT = 1
UNREADABLE = (OSError, ValueError, zlib.error)
"""What a file raises that somebody else wrote, or a power cut."""


class NoPictureError(Exception):
    """There is none that may be shown; the text says why."""


class Picture(NamedTuple):
    """`rows` from the top down, of blue, green, red and an unused byte for each pixel: as screens
    of 24 bits hold them."""

    width: int
    height: int
    rows: bytes


def picture_in(data: Path) -> Path:
    """Of the terminal or board that keeps its data there."""
    return data / "curtain"


def packed(pixels: Pixels, day: dt.date) -> bytes:
    """What the file of a picture holds that may be shown on `day`."""
    width, height, _ = pixels
    head = f"{day.isoformat()} {width} {height}\n"
    packer = zlib.compressobj(EFFORT)
    rows = [packer.compress(row) for row in _rows(pixels)]
    return b"".join((head.encode(), *rows, packer.flush()))


def _rows(pixels: Pixels) -> Iterator[bytes]:
    """One at a time: all of them are many megabytes."""
    width, height, rgb = pixels
    stride = width * 3
    for y in reversed(range(height)):
        line = rgb[y * stride : (y + 1) * stride]
        row = bytearray(width * PIXEL)
        for to, colour in ((0, 2), (1, 1), (2, 0)):
            row[to::PIXEL] = line[colour::3]
        yield bytes(row)


def read(path: Path, day: dt.date) -> Picture:
    """Raises NoPictureError where there is none, none of this day (what was today is today no
    more), or a file that cannot be read."""
    try:
        head, _, rest = path.read_bytes().partition(b"\n")
        of, wide, tall = head.decode("ascii").split()
        if of != day.isoformat():
            raise NoPictureError("it is of another day")
        width, height = int(wide), int(tall)
        if not (0 < width <= LARGEST and 0 < height <= LARGEST):
            raise NoPictureError(f"no screen is {width}x{height}")
        size = width * height * PIXEL
        unpacker = zlib.decompressobj()
        rows = unpacker.decompress(rest, size + 1)  # one more, so that its end is looked at
    except FileNotFoundError as error:
        raise NoPictureError("there is none") from error
    except UNREADABLE as error:
        raise NoPictureError(f"it cannot be read: {error}") from error
    if len(rows) != size or not unpacker.eof:
        raise NoPictureError("it is not whole")
    return Picture(width, height, rows)
