"""The files of an NFC Forum type 4 tag, as NTAG 424 DNA has them (NT4H2421Gx, 8.2.3)."""

from __future__ import annotations

from collections.abc import Callable

NDEF_APPLICATION = bytes.fromhex("D2760000850101")
CC_FILE, NDEF_FILE = 0xE103, 0xE104
NDEF_FILE_SIZE = 256
CAPABILITY_CONTAINER = bytes.fromhex(
    "001720010000FF0406E104010000000506E10500808283000000000000000000"
)
OK, WRONG_LENGTH, NOT_FOUND = b"\x90\x00", b"\x67\x00", b"\x6a\x82"
WRONG_OFFSET, NOT_ALLOWED, UNKNOWN_INS = b"\x6b\x00", b"\x69\x86", b"\x6d\x00"
SECURITY_STATUS = b"\x69\x82"
SELECT, READ_BINARY, UPDATE_BINARY = 0xA4, 0xB0, 0xD6
URI_HTTPS = 0x04


def ndef_file(url: str) -> bytes:
    """The file with one short URI record (NFC Forum NDEF 1.0; URI RTD 1.0), length first.

    Raises ValueError for an address that is not https or does not fit.
    """
    if not url.startswith("https://"):
        raise ValueError(f"not an https address: {url}")
    payload = bytes([URI_HTTPS]) + url.removeprefix("https://").encode("ascii")
    record = b"\xd1\x01" + bytes([len(payload)]) + b"U" + payload
    return (len(record).to_bytes(2, "big") + record).ljust(NDEF_FILE_SIZE, b"\0")


class Files:
    """Answers SELECT and READ BINARY. `content` gives a file's bytes at the moment it is read,
    None for a file that is not there; without `content` there is no NDEF application at all."""

    def __init__(self, content: Callable[[int], bytes | None] | None) -> None:
        self._content = content
        self.reset()

    def reset(self) -> None:
        """Nothing selected, as after power-up."""
        self.application = False
        self.selected: int | None = None

    def reads(self, command: bytes) -> bool:
        return command[1:2] == bytes([READ_BINARY])

    def answer(self, command: bytes) -> bytes:
        if len(command) < 4:
            return WRONG_LENGTH
        if command[1] == SELECT:
            return self._select(command)
        return self._read(command) if command[1] == READ_BINARY else UNKNOWN_INS

    def _select(self, command: bytes) -> bytes:
        name = command[5 : 5 + command[4]] if len(command) > 4 else b""
        self.selected = None
        if command[2] == 0x04:
            self.application = self._content is not None and name == NDEF_APPLICATION
            return OK if self.application else NOT_FOUND
        identifier = int.from_bytes(name, "big")
        if not self.application or identifier not in (CC_FILE, NDEF_FILE):
            return NOT_FOUND
        self.selected = identifier
        return OK

    def _read(self, command: bytes) -> bytes:
        if self.selected is None or self._content is None:
            return NOT_ALLOWED
        cc = self.selected == CC_FILE
        file = CAPABILITY_CONTAINER if cc else self._content(self.selected)
        offset = int.from_bytes(command[2:4], "big")
        if file is None:
            return NOT_FOUND
        if offset >= len(file):
            return WRONG_OFFSET
        length = (command[4] if len(command) > 4 else 0) or 256
        return file[offset : offset + length] + OK
