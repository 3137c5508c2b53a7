"""ISO-DEP blocks (ISO/IEC 14443-4, section 7), both ends: what lies between an APDU and the field.

Left out, because no part of the product meets it: CID and NAD, waiting-time extension, chaining
of commands (answers are chained, as they are longer than a PN532's 64-byte frames).
"""

from __future__ import annotations

from collections.abc import Callable

I_BLOCK, MORE, R_ACK, R_NAK, S_DESELECT = 0x02, 0x10, 0xA2, 0xB2, 0xC2
NUMBER = 0x01
RATS = 0xE0
FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
"""FSD by FSDI (ISO/IEC 14443-4, table 1)."""
OVERHEAD = 3
"""PCB and CRC, which count towards a frame's size."""


class CardBlocks:
    """The card's end. `apdu` answers one command APDU, or None where the card stays silent."""

    def __init__(self, ats: bytes, apdu: Callable[[bytes], bytes | None]) -> None:
        self._ats = ats
        self._apdu = apdu
        self.reset()

    def reset(self) -> None:
        """As after power-up: nothing is understood but RATS."""
        self._space: int | None = None
        self._left = b""
        self._last = b""

    def answer(self, frame: bytes) -> bytes | None:
        """What the card sends back, None for silence."""
        if self._space is None:
            return self._activate(frame)
        pcb = frame[0]
        if pcb & 0xFE == I_BLOCK:
            return self._command(frame)
        if pcb & 0xFE == R_ACK and self._last and pcb & NUMBER != self._last[0] & NUMBER:
            return self._next(pcb & NUMBER)
        if pcb & 0xFE in (R_ACK, R_NAK):
            return self._last or bytes([R_ACK | pcb & NUMBER])
        if pcb == S_DESELECT:
            self.reset()
            return frame
        return None

    def _activate(self, frame: bytes) -> bytes | None:
        if len(frame) != 2 or frame[0] != RATS:
            return None
        self._space = FRAME_SIZES[min(frame[1] >> 4, 8)] - OVERHEAD
        return self._ats

    def _command(self, frame: bytes) -> bytes | None:
        answer = self._apdu(frame[1:])
        if answer is None:
            return None
        self._left = answer
        return self._next(frame[0] & NUMBER)

    def _next(self, number: int) -> bytes:
        part, self._left = self._left[: self._space], self._left[self._space :]
        self._last = bytes([I_BLOCK | number | (MORE if self._left else 0)]) + part
        return self._last


class ReaderBlocks:
    """The reader's end, as the PN532 runs it inside InDataExchange."""

    def __init__(self, send: Callable[[bytes], bytes | None]) -> None:
        self._send = send
        self._number = 0

    def exchange(self, command: bytes) -> bytes | None:
        """The answer to one command APDU, or None if the card fell silent on the way."""
        answer = b""
        block = self._sent(I_BLOCK, command)
        while block is not None:
            answer += block[1:]
            if not block[0] & MORE:
                return answer
            block = self._sent(R_ACK, b"")
        return None

    def _sent(self, kind: int, content: bytes) -> bytes | None:
        block = self._send(bytes([kind | self._number]) + content)
        self._number ^= 1
        return block
