"""NTAG 424 DNA's commands, as far as cards are issued and looked at (NT4H2421Gx, section 10)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from linli.cards.file_settings import FileSettings
from linli.cards.secure_messaging import (
    MORE,
    CardAnswerError,
    Session,
    full,
    good,
    maced,
    native,
    open_full,
    open_maced,
)

GET_VERSION, ADDITIONAL_FRAME, GET_KEY_VERSION = 0x60, 0xAF, 0x64
GET_CARD_UID, CHANGE_KEY = 0x51, 0xC4
GET_FILE_SETTINGS, CHANGE_FILE_SETTINGS, WRITE_DATA = 0xF5, 0x5F, 0x8D
APPLICATION = bytes.fromhex("D2760000850101")
NDEF_FILE = 2
KEYS = 5
UID_SIZE = 7
FACTORY_KEY, FACTORY_VERSION = bytes(16), 0
NXP, NTAG, DNA = 0x04, 0x04, 0x30
"""Vendor and type of GetVersion, and the major version that NTAG 424 DNA has (10.5.2)."""


@dataclass(frozen=True)
class Version:
    """What a chip says it is."""

    vendor: int
    kind: int
    major: int
    uid: bytes

    @property
    def ntag424(self) -> bool:
        return (self.vendor, self.kind, self.major) == (NXP, NTAG, DNA)


def select_application() -> bytes:
    """ISOSelectFile; whatever was authenticated is so no longer."""
    return bytes([0x00, 0xA4, 0x04, 0x0C, len(APPLICATION), *APPLICATION, 0x00])


def select_file() -> bytes:
    """File 2 by its ISO identifier, for `read_binary`."""
    return bytes.fromhex("00A4000C02E104")


def read_binary(length: int) -> bytes:
    """ISOReadBinary from the beginning: dynamic messages are only made for it."""
    return bytes([0x00, 0xB0, 0x00, 0x00, length])


def get_version() -> tuple[bytes, ...]:
    """Three commands, one after the other."""
    return native(GET_VERSION), native(ADDITIONAL_FRAME), native(ADDITIONAL_FRAME)


def read_version(answers: tuple[bytes, bytes, bytes]) -> Version:
    """Raises CardAnswerError."""
    hardware, _, last = (good(answers[0], MORE), good(answers[1], MORE), good(answers[2]))
    if len(hardware) != 7 or len(last) < UID_SIZE:
        raise CardAnswerError("the card describes itself in another way")
    return Version(hardware[0], hardware[1], hardware[3], last[:UID_SIZE])


def get_key_version(number: int, session: Session | None = None) -> bytes:
    header = bytes([number])
    if session is None:
        return native(GET_KEY_VERSION, header)
    return maced(session, GET_KEY_VERSION, header)


def read_key_version(answer: bytes, session: Session | None = None) -> int:
    """Raises CardAnswerError."""
    data = good(answer) if session is None else open_maced(session, answer)
    if len(data) != 1:
        raise CardAnswerError("a key's version has one byte")
    return data[0]


def get_card_uid(session: Session) -> bytes:
    return maced(session, GET_CARD_UID, b"")


def read_card_uid(session: Session, answer: bytes) -> bytes:
    """Raises CardAnswerError."""
    return open_full(session, answer)


def change_key(
    session: Session, number: int, new: bytes, version: int, old: bytes | None = None
) -> bytes:
    """Another key than the session's own needs the `old` one: the card is sent the difference
    (10.6.1). Changing the session's own key ends the session."""
    if number == session.key_number:
        content = new + bytes([version])
    else:
        if old is None:
            raise ValueError(f"key {number} is not the session's own: its old value is needed")
        difference = bytes(a ^ b for a, b in zip(new, old, strict=True))
        content = difference + bytes([version]) + key_check(new)
    return full(session, CHANGE_KEY, bytes([number]), content)


def key_check(key: bytes) -> bytes:
    """CRC32 as in IEEE 802.3 without the last inversion, low byte first (10.6.1)."""
    return (zlib.crc32(key) ^ 0xFFFF_FFFF).to_bytes(4, "little")


def get_file_settings(file: int, session: Session | None = None) -> bytes:
    header = bytes([file])
    if session is None:
        return native(GET_FILE_SETTINGS, header)
    return maced(session, GET_FILE_SETTINGS, header)


def change_file_settings(session: Session, file: int, settings: FileSettings) -> bytes:
    return full(session, CHANGE_FILE_SETTINGS, bytes([file]), settings.encode())


def write_data(file: int, offset: int, data: bytes) -> bytes:
    """To a file in CommMode.PLAIN; within a session it counts as any command."""
    header = bytes([file]) + offset.to_bytes(3, "little") + len(data).to_bytes(3, "little")
    return native(WRITE_DATA, header + data)
