"""PN532 frames on the high-speed UART (NXP UM0701-02, 6.2.1).

00 00 FF  LEN LCS  TFI … DCS 00                    LEN 1–255, counted from TFI
00 00 FF  FF FF LENm LENl LCS  TFI … DCS 00        extended, up to 265
00 00 FF  00 FF 00                                 ACK
00 00 FF  FF 00 00                                 NACK
"""

from __future__ import annotations

START = b"\x00\x00\xff"
ACK = bytes.fromhex("0000ff00ff00")
NACK = bytes.fromhex("0000ffff0000")
HOST, CHIP, ERROR = 0xD4, 0xD5, 0x7F
"""Frame identifiers: to the chip, from the chip, and the chip's “I did not understand”."""
LONGEST = 265
"""Bytes in the longest frame, TFI included."""
WAKE_UP = b"\x55\x55" + bytes(14)
"""Brings a sleeping chip's UART to life before the first frame (UM0701-02, 7.2.11)."""


def encode(content: bytes) -> bytes:
    """The frame around `content` (TFI first). Raises ValueError unless 1–265 bytes."""
    size = len(content)
    if not 1 <= size <= LONGEST:
        raise ValueError(f"a frame holds 1 to {LONGEST} bytes, not {size}")
    if size <= 0xFF:
        head = bytes([size, -size & 0xFF])
    else:
        length = size.to_bytes(2, "big")
        head = b"\xff\xff" + length + bytes([-sum(length) & 0xFF])
    return START + head + content + bytes([-sum(content) & 0xFF, 0])


def content_of(frame: bytes) -> bytes:
    """What `encode` was given, from a whole information frame as `Deframer` yields it."""
    return frame[8:-2] if frame[3:5] == b"\xff\xff" else frame[5:-2]


class Deframer:
    """Finds whole, valid frames in a stream: noise between them is skipped, and a damaged frame
    is searched again from its second byte, so that it cannot hide a good one behind it."""

    def __init__(self) -> None:
        self._buffer = b""

    def clear(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Frames completed by `data`, in order: information frames whole, `ACK` or `NACK`."""
        self._buffer += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def give_up(self) -> list[bytes]:
        """The frame being waited for will not be completed: the whole frames behind its start.
        Noise that looks like a long frame's head would otherwise swallow the answer."""
        frames: list[bytes] = []
        while self._buffer and not frames:
            self._buffer = self._buffer[1:]
            frames = self.feed(b"")
        return frames

    def _next(self) -> bytes | None:
        while True:
            start = self._buffer.find(START)
            if start < 0:
                self._buffer = self._buffer[-2:]
                return None
            self._buffer = self._buffer[start:]
            size = _frame_size(self._buffer)
            if size is None or len(self._buffer) < size:
                return None
            frame = self._buffer[:size]
            if size and _is_sound(frame):
                self._buffer = self._buffer[size:]
                return frame
            self._buffer = self._buffer[1:]


def _frame_size(head: bytes) -> int | None:
    """Bytes of the frame that starts here, 0 for a damaged header, None while too short to say."""
    if len(head) < 6:
        return None
    if head[:6] in (ACK, NACK):
        return 6
    if head[3:5] == b"\xff\xff":
        if len(head) < 8:
            return None
        size = int.from_bytes(head[5:7], "big")
        return size + 10 if not sum(head[5:8]) & 0xFF and 1 <= size <= LONGEST else 0
    return head[3] + 7 if head[3] and not (head[3] + head[4]) & 0xFF else 0


def _is_sound(frame: bytes) -> bool:
    if frame in (ACK, NACK):
        return True
    checked = frame[8:-1] if frame[3:5] == b"\xff\xff" else frame[5:-1]
    return not sum(checked) & 0xFF and frame[-1] == 0
