"""The keys of signed notes (c2sp.org/signed-note, sections "Signatures" and "Verifier keys")."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_ID_SIZE = 4
_KEY_ID = re.compile(r"[0-9a-f]{8}")


class NoteError(ValueError):
    """The text is not a note, key or checkpoint of the form it should have; the text says why."""


class NoteSignatureError(NoteError):
    """The note is well formed, but not signed as it has to be."""


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public Ed25519 key and the name it signs under (sections "Signatures", "Verifier keys")."""

    kind: ClassVar[int] = 0x01
    """The signature type's identifier byte: section "Signature types"."""
    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        try:
            Ed25519PublicKey.from_public_bytes(self.public)
        except ValueError as error:
            raise NoteError(f"{self.name} has no Ed25519 key: {error}") from error

    @classmethod
    def of(cls, name: str, key: Ed25519PrivateKey) -> Self:
        return cls(name, key.public_key().public_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of `name+hex key id+base64 key`. Raises NoteError, also for a key of another kind."""
        # The base64 may itself hold a plus; a name may not.
        name, _, rest = text.partition("+")
        id_text, _, key_text = rest.partition("+")
        if not _KEY_ID.fullmatch(id_text):
            raise NoteError("a verifier key has the form name+key id+key")
        typed = from_base64(key_text)
        if typed[:1] != bytes([cls.kind]):
            raise NoteError(f"the key of {name!r} is not of the type {cls.kind:#04x}")
        key = cls(name, typed[1:])
        if key.id.hex() != id_text:
            raise NoteError(f"the key of {name} has the id {key.id.hex()}, not {id_text}")
        return key

    def __str__(self) -> str:
        typed = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{typed}"

    @property
    def id(self) -> bytes:
        """Section "Signatures": no strong hash, it only finds the key to check with."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_SIZE]

    def check(self, text: str, value: bytes) -> None:
        """Section "Ed25519 signatures". Raises NoteSignatureError."""
        self.check_bytes(text.encode(), value)

    def check_bytes(self, signed: bytes, value: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, signed)
        except InvalidSignature as error:
            raise NoteSignatureError(f"the signature of {self.name} does not verify") from error


def check_name(name: str) -> None:
    """Raises NoteError."""
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise NoteError(f"{name!r} cannot name a key: spaces and plus are not allowed")


def from_base64(text: str) -> bytes:
    """Standard base64 (RFC 4648, section 4) in its one canonical spelling. Raises NoteError."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"not base64: {error}") from error
    if base64.b64encode(value).decode() != text:
        raise NoteError("not base64: its last bits are not zero")
    return value
