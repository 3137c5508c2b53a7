"""An ACR122U: a controller that speaks CCID over USB, above a PN532 that it hands commands to.

Bulk frames in, bulk frames out (USB CCID 1.10, section 6; ACS, ACR122U Application Programming
Interface 2.04). Left out: the controller's own PC/SC commands for cards (FF CA and the like),
since whoever talks to the PN532 below does without them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from linli.devices.readers import frames
from linli.devices.simulated.pn532_chip import Pn532Chip, Reply

ICC_POWER_ON, ICC_POWER_OFF, SLOT_STATUS, XFR_BLOCK = 0x62, 0x63, 0x65, 0x6F
DATA_BLOCK, STATUS_OF_SLOT = 0x80, 0x81
HEADER = struct.Struct("<BIBB3s")
"""Type, length, slot, sequence number, three bytes of the type's own."""
FAILED, UNSUPPORTED = 0x40, 0x00
ATR = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
FIRMWARE = b"ACR122U214"
DIRECT_TRANSMIT, LED, GET_FIRMWARE, SET_PARAMETER = 0x00, 0x40, 0x48, 0x51
OK, REFUSED = b"\x90\x00", b"\x63\x00"


@dataclass(frozen=True)
class _Frame:
    kind: int
    sequence: int
    data: bytes


class Acr122Chip:
    """`pn532` keeps its state as long as the plug is in, whoever opens the device."""

    def __init__(self, pn532: Pn532Chip) -> None:
        self._pn532 = pn532

    def receive(self, bulk: bytes) -> tuple[Reply, ...]:
        """What the controller says to one bulk-out frame."""
        frame = _parsed(bulk)
        if frame is None:
            return ()
        match frame.kind:
            case kind if kind == ICC_POWER_ON:
                return (_said(DATA_BLOCK, frame, ATR),)
            case kind if kind in (ICC_POWER_OFF, SLOT_STATUS):
                return (_said(STATUS_OF_SLOT, frame),)
            case kind if kind == XFR_BLOCK:
                return self._transfer(frame)
            case _:
                return (_said(STATUS_OF_SLOT, frame, status=FAILED, error=UNSUPPORTED),)

    def _transfer(self, frame: _Frame) -> tuple[Reply, ...]:
        apdu = frame.data
        if apdu == frames.ACK:
            return (_said(DATA_BLOCK, frame, REFUSED),)
        if len(apdu) < 5 or apdu[:2] != b"\xff\x00":
            return (_said(DATA_BLOCK, frame, REFUSED),)
        match apdu[2]:
            case code if code == GET_FIRMWARE:
                return (_said(DATA_BLOCK, frame, FIRMWARE),)
            case code if code == SET_PARAMETER:
                return (_said(DATA_BLOCK, frame, b"\x90" + apdu[3:4]),)
            case code if code == LED:
                return (_said(DATA_BLOCK, frame, b"\x90\x02"),)
            case code if code == DIRECT_TRANSMIT:
                return self._direct(frame, apdu[5 : 5 + apdu[4]])
            case _:
                return (_said(DATA_BLOCK, frame, REFUSED),)

    def _direct(self, frame: _Frame, content: bytes) -> tuple[Reply, ...]:
        if len(content) < 2 or content[0] != frames.HOST:
            return (_said(DATA_BLOCK, frame, REFUSED),)
        answer = self._pn532.execute(content)
        if answer is None:
            return ()
        if answer.data == bytes([frames.ERROR]):
            return (_said(DATA_BLOCK, frame, REFUSED, after_s=answer.after_s),)
        return (_said(DATA_BLOCK, frame, answer.data + OK, after_s=answer.after_s),)


def _parsed(bulk: bytes) -> _Frame | None:
    if len(bulk) < HEADER.size:
        return None
    kind, length, _, sequence, _ = HEADER.unpack_from(bulk)
    data = bulk[HEADER.size :]
    return _Frame(kind, sequence, data) if len(data) == length else None


def _said(
    kind: int,
    to: _Frame,
    data: bytes = b"",
    *,
    status: int = 0,
    error: int = 0,
    after_s: float = 0.0,
) -> Reply:
    own = bytes([status, error, 0])
    return Reply(HEADER.pack(kind, len(data), 0, to.sequence, own) + data, after_s)
