"""The memory of a virtual board, seen from outside: its flash and the page of its pins.

The same bytes as linli/firmware_bridge/mcu/boards/virtual/virtual.h and boards/flash_map.h.
"""

from __future__ import annotations

import mmap
import os
import struct
from enum import IntEnum
from pathlib import Path

SLOT_A, SLOT_B, SLOT_SIZE, BOOT_STATE = 0x00000, 0x0B800, 0x0B800, 0x17000
SETTINGS, OPENINGS, EVENTS, FLASH_END = 0x17800, 0x18000, 0x19800, 0x1B000
PINS, MEMORY_SIZE = 0x20000, 0x21000
QEMU_SIZE = 16 << 20
"""What QEMU wants the file to be; most of it is a hole."""
ERASED = b"\xff"
GREEN, RED = 1 << 30, 1 << 31
"""LEDs; those at the doors are bits from 0."""


class Cut(IntEnum):
    """Where in a write or erase the power goes."""

    BEFORE = 0
    WITHIN = 1
    AFTER = 2


class Word(IntEnum):
    """Offsets in the page of pins, in 32-bit words."""

    CONTACTS = 0
    PIR = 1
    TAMPER = 2
    TEMPERATURE = 3
    AMBIENT = 4
    CUT_AT = 5
    CUT = 6
    REASON = 7
    HANG = 8
    COILS = 9
    LEDS = 10
    BUZZER = 11
    HOST_POWER = 12
    BEAT = 13
    STARTS = 14
    DEAD = 15
    WRITES = 16
    BOOTS = 17


class BoardMemory:
    """The file of one board, made blank if it is not there. It outlives the board's power."""

    def __init__(self, path: Path) -> None:
        self.path = path
        fresh = not path.exists()
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(number, QEMU_SIZE)
            self._bytes = mmap.mmap(number, MEMORY_SIZE)
        finally:
            os.close(number)
        if fresh:
            self.blank()

    def blank(self) -> None:
        """As it comes from the factory: erased, doors shut, a room of 21.5 °C."""
        self._bytes[:PINS] = ERASED * PINS
        self._bytes[PINS:] = bytes(MEMORY_SIZE - PINS)
        self[Word.TEMPERATURE], self[Word.AMBIENT] = 215, 320

    def __getitem__(self, word: Word) -> int:
        value: int = struct.unpack_from("<I", self._bytes, PINS + 4 * word)[0]
        return value

    def __setitem__(self, word: Word, value: int) -> None:
        struct.pack_into("<I", self._bytes, PINS + 4 * word, value & 0xFFFF_FFFF)

    def flash(self) -> bytes:
        """What it keeps without power."""
        return self._bytes[:FLASH_END]

    def fill(self, at: int, data: bytes) -> None:
        """Put bytes into the flash as a programmer does at the factory; only without power."""
        self._bytes[at : at + len(data)] = data

    def cut(self, at: int, where: Cut = Cut.AFTER) -> None:
        """Take the power away at the write or erase number `at` from now; 0 is never."""
        self[Word.CUT], self[Word.CUT_AT] = where, at

    def close(self) -> None:
        self._bytes.close()


class Surroundings:
    """What the board's sensors feel. `temperature` in tenths of a degree Celsius, `ambient` in
    lux."""

    def __init__(self, memory: BoardMemory) -> None:
        self._memory = memory

    @property
    def presence(self) -> bool:
        return bool(self._memory[Word.PIR])

    @presence.setter
    def presence(self, somebody: bool) -> None:
        self._memory[Word.PIR] = int(somebody)

    @property
    def tamper(self) -> bool:
        return bool(self._memory[Word.TAMPER])

    @tamper.setter
    def tamper(self, opened: bool) -> None:
        self._memory[Word.TAMPER] = int(opened)

    @property
    def temperature(self) -> int:
        told = self._memory[Word.TEMPERATURE]
        return told - (1 << 32) if told >> 31 else told

    @temperature.setter
    def temperature(self, tenths: int) -> None:
        self._memory[Word.TEMPERATURE] = tenths

    @property
    def ambient(self) -> int:
        return self._memory[Word.AMBIENT]

    @ambient.setter
    def ambient(self, lux: int) -> None:
        self._memory[Word.AMBIENT] = lux
