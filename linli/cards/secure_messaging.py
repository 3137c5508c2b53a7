"""NTAG 424 DNA's AES secure messaging, both ends (NXP NT4H2421Gx, section 9.1; AN12196, section 4).

A session begins with `authentication.py`. From then on each command and its answer are protected by
the session's keys and its command counter, which grows with every command whatever its mode.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from linli.cards.sun import aes_cmac

BLOCK, MAC_SIZE = 16, 8
NATIVE = 0x90
OK = 0x9100
MORE = 0x91AF
LAST_COUNTER = 0xFFFF
_TO_CARD, _FROM_CARD = b"\xa5\x5a", b"\x5a\xa5"


class CardAnswerError(Exception):
    """The card's answer cannot be used. `status` is its status word, None where the answer is
    malformed or was not made by the card of this session."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Session:
    """One authentication: `ti` (4 bytes) names the transaction, `counter` is the next command's."""

    key_number: int
    ti: bytes
    encryption: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    counter: int = 0

    def after(self) -> Session:
        """The session once one more command was sent."""
        return replace(self, counter=self.counter + 1)


# --- the reader's end ------------------------------------------------------------------------


def native(command: int, data: bytes = b"") -> bytes:
    """A native command wrapped as an APDU (NT4H2421Gx, 8.4)."""
    length = bytes([len(data)]) + data if data else b""
    return bytes([NATIVE, command, 0, 0]) + length + b"\0"


def maced(session: Session, command: int, header: bytes, data: bytes = b"") -> bytes:
    """CommMode.MAC: everything readable, nothing changeable."""
    return native(command, header + data + command_mac(session, command, header + data))


def full(session: Session, command: int, header: bytes, data: bytes = b"") -> bytes:
    """CommMode.FULL: `data` is encrypted, `header` is not."""
    hidden = encrypt(session.encryption, command_iv(session), padded(data)) if data else b""
    return maced(session, command, header, hidden)


def status_of(answer: bytes) -> tuple[bytes, int]:
    """Data and status word. Raises CardAnswerError for an answer without one."""
    if len(answer) < 2:
        raise CardAnswerError("the card's answer has no status word")
    return answer[:-2], int.from_bytes(answer[-2:], "big")


def good(answer: bytes, wanted: int = OK) -> bytes:
    """An answer's data. Raises CardAnswerError for any other status than `wanted`."""
    data, status = status_of(answer)
    if status != wanted:
        raise CardAnswerError(f"the card answered {status:04X}", status)
    return data


def open_maced(session: Session, answer: bytes) -> bytes:
    """The data of the answer to the command that `session` stood at. Raises CardAnswerError."""
    data = good(answer)
    content, mac = data[:-MAC_SIZE], data[-MAC_SIZE:]
    if not hmac.compare_digest(mac, answer_mac(session.after(), content)):
        raise CardAnswerError("the answer was not made by the card of this session")
    return content


def open_full(session: Session, answer: bytes) -> bytes:
    """The same for an answer whose data is encrypted. Raises CardAnswerError."""
    hidden = open_maced(session, answer)
    if not hidden:
        return b""
    if len(hidden) % BLOCK:
        raise CardAnswerError("the answer is not made of whole blocks")
    return unpadded(decrypt(session.encryption, answer_iv(session.after()), hidden))


# --- both ends -------------------------------------------------------------------------------


def command_mac(session: Session, command: int, content: bytes) -> bytes:
    """MACt over command, counter, TI, header and data as sent (NT4H2421Gx, 9.1.9)."""
    message = bytes([command]) + _counter(session) + session.ti + content
    return truncated(aes_cmac(session.mac, message))


def answer_mac(session: Session, content: bytes, status: int = OK) -> bytes:
    """`session` as it stands after the command."""
    message = bytes([status & 0xFF]) + _counter(session) + session.ti + content
    return truncated(aes_cmac(session.mac, message))


def command_iv(session: Session) -> bytes:
    """NT4H2421Gx, 9.1.4."""
    return _iv(session, _TO_CARD)


def answer_iv(session: Session) -> bytes:
    """`session` as it stands after the command."""
    return _iv(session, _FROM_CARD)


def truncated(mac: bytes) -> bytes:
    """MACt: every second byte of a CMAC (NT4H2421Gx, 9.1.3)."""
    return mac[1::2]


def padded(data: bytes) -> bytes:
    """ISO/IEC 9797-1, padding method 2: there is always some."""
    return (data + b"\x80").ljust(-(-(len(data) + 1) // BLOCK) * BLOCK, b"\0")


def unpadded(data: bytes) -> bytes:
    """Raises CardAnswerError for what `padded` never makes."""
    content = data.rstrip(b"\0")
    if not content.endswith(b"\x80") or len(data) - len(content) >= BLOCK:
        raise CardAnswerError("the decrypted answer is not padded as it must be")
    return content[:-1]


def encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-128 CBC of whole blocks."""
    encryptor = Cipher(AES(key), CBC(iv)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    decryptor = Cipher(AES(key), CBC(iv)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _iv(session: Session, label: bytes) -> bytes:
    block = (label + session.ti + _counter(session)).ljust(BLOCK, b"\0")
    encryptor = Cipher(AES(session.encryption), ECB()).encryptor()  # noqa: S305 - one block  # nosec B305
    return encryptor.update(block) + encryptor.finalize()


def _counter(session: Session) -> bytes:
    return session.counter.to_bytes(2, "little")
