"""The settings of an NTAG 424 DNA's file, with its dynamic message (NT4H2421Gx, 10.7).

Only what this scheme's cards use of dynamic messages: UID and counter mirrored together, encrypted,
in ASCII, and a MAC. Other settings are read as far as they go and never written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

FREE, NEVER = 0xE, 0xF
"""Access rights that are no key's number."""
SDM_ENABLED = 0x40
UID_COUNTER_ASCII = 0xC1
"""SDMOptions: UID and read counter mirrored, ASCII."""


class Mode(IntEnum):
    """CommMode."""

    PLAIN = 0
    MAC = 1
    FULL = 3


class MalformedSettingsError(ValueError):
    """The bytes are no settings of this kind."""


@dataclass(frozen=True)
class Access:
    """A key's number for each right, FREE or NEVER."""

    read: int
    write: int
    read_write: int
    change: int

    def encode(self) -> bytes:
        return bytes([self.read_write << 4 | self.change, self.read << 4 | self.write])

    @classmethod
    def decode(cls, data: bytes) -> Access:
        return cls(data[1] >> 4, data[1] & 15, data[0] >> 4, data[0] & 15)


@dataclass(frozen=True)
class Dynamic:
    """Keys of the message: for UID and counter, for its MAC, and for reading the counter; and
    where in the file both are put, in bytes from its beginning. The MAC covers from `mac_input`."""

    meta_read: int
    file_read: int
    counter_read: int
    picc_data: int
    mac_input: int
    mac: int

    def encode(self) -> bytes:
        rights = bytes([0xF0 | self.counter_read, self.meta_read << 4 | self.file_read])
        places = (self.picc_data, self.mac_input, self.mac)
        return (
            bytes([UID_COUNTER_ASCII]) + rights + b"".join(p.to_bytes(3, "little") for p in places)
        )

    @classmethod
    def decode(cls, data: bytes) -> Dynamic:
        """Raises MalformedSettingsError."""
        if len(data) != 12 or data[0] != UID_COUNTER_ASCII:
            raise MalformedSettingsError("a dynamic message of another kind")
        places = (int.from_bytes(data[n : n + 3], "little") for n in (3, 6, 9))
        return cls(data[2] >> 4, data[2] & 15, data[1] & 15, *places)


@dataclass(frozen=True)
class FileSettings:
    mode: Mode
    access: Access
    dynamic: Dynamic | None = None

    def encode(self) -> bytes:
        """As ChangeFileSettings takes them."""
        option = self.mode | (SDM_ENABLED if self.dynamic else 0)
        dynamic = self.dynamic.encode() if self.dynamic else b""
        return bytes([option]) + self.access.encode() + dynamic

    @classmethod
    def decode(cls, data: bytes) -> FileSettings:
        """Raises MalformedSettingsError."""
        if len(data) < 3 or data[0] & ~(SDM_ENABLED | 3) or data[0] & 3 == 2:
            raise MalformedSettingsError(f"{len(data)} bytes are no settings of a file")
        dynamic = None
        if data[0] & SDM_ENABLED:
            dynamic = Dynamic.decode(data[3:])
        elif len(data) != 3:
            raise MalformedSettingsError("there is more than settings without a message have")
        return cls(Mode(data[0] & 3), Access.decode(data[1:3]), dynamic)


def read_settings(data: bytes) -> tuple[FileSettings, int]:
    """What GetFileSettings answers: settings, and the file's size in bytes. Raises
    MalformedSettingsError."""
    standard_file = 0
    if len(data) < 7 or data[0] != standard_file:
        raise MalformedSettingsError("no settings of a standard file")
    settings = FileSettings.decode(data[1:4] + data[7:])
    return settings, int.from_bytes(data[4:7], "little")
