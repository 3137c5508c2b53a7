"""Files as phones, and those who mean harm, send them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

NANJING = {1: "N", 2: (32.0, 3.0, 37.0), 3: "E", 4: (118.0, 47.0, 48.0)}
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
TURN_RIGHT = 6
"""The camera was held upright: what is its left side belongs on top."""


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Red on its left half, blue on its right."""
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    return made


def encoded(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def from_a_phone(width: int = 640, height: int = 480) -> bytes:
    """A JPEG that says where it was taken, by which phone, and which side is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_RIGHT
    exif[MAKE] = "Nokia 3310"
    exif.get_ifd(GPS).update(NANJING)
    image = picture(width, height)
    return encoded(image, exif=exif.tobytes(), comment=b"of Zhang San", dpi=(72, 72))


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1024))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body) for kind, body in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def png_with_a_text_bomb() -> bytes:
    """Some kilobytes of text that unpack to many megabytes."""
    bomb = b"Comment\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9)
    whole = encoded(picture(), "PNG")
    end_of_header = 8 + 25
    return whole[:end_of_header] + _chunk(b"zTXt", bomb) + whole[end_of_header:]


def jpeg_of_many_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan is there again and again."""
    whole = encoded(picture(), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


def segments(jpeg: bytes) -> list[int]:
    """The markers before the first scan of a JPEG."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
