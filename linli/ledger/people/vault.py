"""Keeps personal values unreadable without the keys: AES-256-GCM, each value bound to its account
and field, so that no ciphertext can stand in another's place. Pure.

A key ring holds the key in use and older ones; every key gives one key to encrypt with and one to
look up by (HKDF-SHA256), so that neither is good for the other's work.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_SIZE = 32
NONCE_SIZE = 12
"""Random: with one key, two equal ones are not to be feared below some 2**32 values."""
KEY_ID_LENGTH = 32


class VaultError(ValueError):
    """Keys that cannot be used, or a value that they do not open; the text says which."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`current` is the id of the key that new values are sealed with; `keys` are 32 bytes each.
    Raises VaultError for others."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise VaultError(f"the key {self.current!r} is not on the ring: add it")
        for id_, key in self.keys.items():
            if not 0 < len(id_) <= KEY_ID_LENGTH:
                raise VaultError(f"key id {id_!r}: use 1 to {KEY_ID_LENGTH} characters")
            if len(key) != KEY_SIZE:
                raise VaultError(f"key {id_!r} has {len(key)} bytes: give {KEY_SIZE}")


def seal(ring: KeyRing, account: str, name: str, value: str) -> bytes:
    """The value of one field of one account, under the current key."""
    nonce = os.urandom(NONCE_SIZE)
    cipher = AESGCM(_derived(ring.keys[ring.current], b"linli person values 1"))
    return nonce + cipher.encrypt(nonce, value.encode(), _bound_to(account, name))


def unseal(ring: KeyRing, key_id: str, account: str, name: str, sealed: bytes) -> str:
    """Raises VaultError where the key is missing, or the value was changed or is another's."""
    if key_id not in ring.keys:
        raise VaultError(f"the {name} of {account} is sealed with key {key_id!r}: add that key")
    cipher = AESGCM(_derived(ring.keys[key_id], b"linli person values 1"))
    nonce, rest = sealed[:NONCE_SIZE], sealed[NONCE_SIZE:]
    try:
        return cipher.decrypt(nonce, rest, _bound_to(account, name)).decode()
    except (InvalidTag, ValueError) as error:
        raise VaultError(f"the {name} of {account} does not open: it was changed") from error


def blind_index(key: bytes, what: str, value: str) -> bytes:
    """What a value is found by: the same for the same value and key, and nothing without it."""
    keyed = _derived(key, b"linli person index 1")
    return hmac.new(keyed, f"{what}\0{value}".encode(), "sha256").digest()


def _bound_to(account: str, name: str) -> bytes:
    return f"{account}\0{name}".encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_SIZE, salt=None, info=purpose).derive(key)
