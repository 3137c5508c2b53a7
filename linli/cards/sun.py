"""NTAG 424 DNA dynamic messages: `https://c.linli.example/t?p=<PICCENCData>&m=<CMAC>`.

NXP AN12196, section 3 (secure unique NFC messages, AES mode). Each reading of
the card raises its counter and gives another message; only who knows the card's key can make one.
The key of a card serves both as meta-read key (encrypts UID and counter) and as file-read key
(authenticates). Whether the counter has grown since last time is for the caller to check.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

UID_AND_COUNTER = 0xC7
"""PICCDataTag: UID mirrored (80), counter mirrored (40), UID of seven bytes (7)."""
UID_SIZE, COUNTER_SIZE = 7, 3
URL = "https://c.linli.example/t?p={picc_data}&m={mac}"
_URL = re.compile(
    r"https://c\.linli\.example/t\?p=(?P<picc_data>[0-9A-Fa-f]{32})&m=(?P<mac>[0-9A-Fa-f]{16})"
)
_URI_RECORD = b"U"
_SCHEMES = ("", "http://www.", "https://www.", "http://", "https://")
"""URI identifier codes 0–4 (NFC Forum URI record type definition 1.0, table 3)."""


class NotSunError(ValueError):
    """What the card carries is not one of this scheme's dynamic messages: treat the card as one
    that cannot prove itself."""


class ForgedError(Exception):
    """The message was not made by the card whose key this is: refuse the card, and record it."""


@dataclass(frozen=True)
class SunMessage:
    """A message as read, unverified. `mac_input` is empty on this scheme's cards; AN12196 allows
    a part of the URL there."""

    picc_data: bytes
    mac: bytes
    mac_input: bytes = b""


@dataclass(frozen=True)
class SunIdentity:
    """What a verified message says: the card's true UID and how often it has been read."""

    uid: bytes
    counter: int


def read_message(ndef: bytes) -> SunMessage:
    """The dynamic message in an NDEF message. Raises NotSunError."""
    return read_url(_uri(ndef))


def read_url(url: str) -> SunMessage:
    """The dynamic message in a URL. Raises NotSunError."""
    match = _URL.fullmatch(url)
    if match is None:
        raise NotSunError("the card carries another address than a dynamic message's")
    return SunMessage(bytes.fromhex(match["picc_data"]), bytes.fromhex(match["mac"]))


def verify(message: SunMessage, key: bytes) -> SunIdentity:
    """Who made this message. `key` is the 16-byte key of the card it is expected from.

    Raises ForgedError if it was made with any other key or changed on the way. The caller
    compares the UID with the card's and the counter with the last one seen.
    """
    plain = decrypt_picc_data(message.picc_data, key)
    if plain[0] != UID_AND_COUNTER:
        raise ForgedError("the message was not encrypted with this card's key")
    uid = plain[1 : 1 + UID_SIZE]
    counter = int.from_bytes(plain[1 + UID_SIZE : 1 + UID_SIZE + COUNTER_SIZE], "little")
    if not hmac.compare_digest(message_mac(key, uid, counter, message.mac_input), message.mac):
        raise ForgedError("the message was not signed with this card's key")
    return SunIdentity(uid, counter)


def decrypt_picc_data(picc_data: bytes, key: bytes) -> bytes:
    """PICCData: tag, UID, counter (LSB first), five random bytes (AN12196, 3.4.2.1)."""
    decryptor = Cipher(AES(key), CBC(bytes(16))).decryptor()
    return decryptor.update(picc_data) + decryptor.finalize()


def encrypt_picc_data(uid: bytes, counter: int, padding: bytes, key: bytes) -> bytes:
    """The chip's side of `decrypt_picc_data`; `padding` is five random bytes."""
    plain = bytes([UID_AND_COUNTER]) + uid + counter.to_bytes(COUNTER_SIZE, "little") + padding
    encryptor = Cipher(AES(key), CBC(bytes(16))).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def session_key(key: bytes, uid: bytes, counter: int) -> bytes:
    """SesSDMFileReadMACKey: CMAC over SV2 (AN12196, 3.3)."""
    sv2 = bytes.fromhex("3CC300010080") + uid + counter.to_bytes(COUNTER_SIZE, "little")
    return aes_cmac(key, sv2)


def message_mac(key: bytes, uid: bytes, counter: int, mac_input: bytes = b"") -> bytes:
    """SDMMAC: every second byte of the CMAC, eight in all (AN12196, 3.4.4)."""
    return aes_cmac(session_key(key, uid, counter), mac_input)[1::2]


def aes_cmac(key: bytes, message: bytes) -> bytes:
    """AES-CMAC (RFC 4493)."""
    cmac = CMAC(AES(key))
    cmac.update(message)
    return cmac.finalize()


def _uri(ndef: bytes) -> str:
    """The URI of the first record (NFC Forum NDEF 1.0, 3.2). A short record always: the long form
    would add nothing but another way to write the same message."""
    well_known_short_first = 0xD1
    if len(ndef) < 5 or ndef[0] != well_known_short_first or ndef[1] != 1:
        raise NotSunError("the card carries no single short record")
    kind, payload = ndef[3:4], ndef[4 : 4 + ndef[2]]
    if kind != _URI_RECORD or len(payload) != ndef[2] or not payload:
        raise NotSunError("the card carries no address")
    if payload[0] >= len(_SCHEMES) or not payload[1:].isascii():
        raise NotSunError("the card carries no web address")
    return _SCHEMES[payload[0]] + payload[1:].decode("ascii")
