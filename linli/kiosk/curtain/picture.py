"""The kept picture of a resting screen, in a file. Imports as little as it can: it is read before
all else."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from linli import __version__
from linli.kiosk.png import Pixels

LARGEST = 8192
"""Pixels along a side of a screen."""
PIXEL = 4
EFFORT = 1


class NoPictureError(Exception):
    """There is none that may be shown; the text says why."""


@dataclass(frozen=True)
class Picture:
    """`rows` from the top down, of blue, green, red and an unused byte for each pixel: as screens
    of 24 bits hold them."""

    width: int
    height: int
    rows: bytes


def picture_in(data: Path) -> Path:
    """Of the terminal or board that keeps its data there."""
    return data / "curtain"


def write(path: Path, pixels: Pixels, day: dt.date) -> None:
    """The file appears whole. Raises OSError."""
    width, height, _ = pixels
    head = {"day": day.isoformat(), "version": __version__, "width": width, "height": height}
    part = path.with_name(path.name + ".part")
    packer = zlib.compressobj(EFFORT)
    with part.open("wb") as out:
        out.write(json.dumps(head).encode() + b"\n")
        for row in _rows(pixels):
            out.write(packer.compress(row))
        out.write(packer.flush())
    part.replace(path)


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
    more) and version, or a file that cannot be read."""
    try:
        head, _, packed = path.read_bytes().partition(b"\n")
        said = json.loads(head)
        if (said["day"], said["version"]) != (day.isoformat(), __version__):
            raise NoPictureError("it is of another day or version")
        width, height = int(said["width"]), int(said["height"])
        if not (0 < width <= LARGEST and 0 < height <= LARGEST):
            raise NoPictureError(f"no screen is {width}x{height}")
        size = width * height * PIXEL
        unpacker = zlib.decompressobj()
        rows = unpacker.decompress(packed, size + 1)  # one more, so that its end is looked at
    except FileNotFoundError as error:
        raise NoPictureError("there is none") from error
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise NoPictureError(f"it cannot be read: {error}") from error
    if len(rows) != size or not unpacker.eof:
        raise NoPictureError("it is not whole")
    return Picture(width, height, rows)
