"""Pictures of the window: as PNG (ISO/IEC 15948), and so coarse that nothing can be read."""

from __future__ import annotations

import struct
import zlib

Pixels = tuple[int, int, bytes]
"""Width, height, and rows of red, green and blue from the bottom up, as OpenGL gives them."""
ACROSS = 16
"""Squares along the longer side of a coarse picture: each is larger than a letter of a headline."""


def png(pixels: Pixels, effort: int = 3) -> bytes:
    """`effort`, 1…9, makes it smaller."""
    width, height, rgb = pixels
    stride = width * 3
    rows = b"".join(b"\0" + rgb[y * stride : (y + 1) * stride] for y in range(height - 1, -1, -1))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, effort)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def coarse(pixels: Pixels) -> Pixels:
    """The same in squares of one colour each, the mean of what was there: what was said on it is
    gone, not only hard to read, while which screen it was can still be told."""
    width, height, rgb = pixels
    side = max(1, -(-max(width, height) // ACROSS))
    stride = width * 3
    rows: list[bytes] = []
    for low in range(0, height, side):
        band = [rgb[y * stride : (y + 1) * stride] for y in range(low, min(low + side, height))]
        row = b"".join(
            _mean([line[left * 3 : (left + side) * 3] for line in band]) * min(side, width - left)
            for left in range(0, width, side)
        )
        rows += [row] * len(band)
    return width, height, b"".join(rows)


def _mean(parts: list[bytes]) -> bytes:
    many = b"".join(parts)
    count = len(many) // 3
    return bytes(sum(many[colour::3]) // count for colour in range(3))
