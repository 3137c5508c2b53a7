"""A key of its own for every card, from one master key (NXP AN10922, section 2.2).

Only the ledger that issues cards holds the master key; a terminal is given the finished keys of
its centre's cards.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

AES_128 = 0x01
"""Diversification constant for AES-128."""
BLOCK = 16
LONGEST_INPUT = 31


def diversified_key(master: bytes, diversification: bytes) -> bytes:
    """The card's 16-byte key. `diversification` is 1–31 bytes: UID, then application and system
    identifiers. Raises ValueError for another length of either.

    Not a plain CMAC: AN10922 always pads to two blocks, so inputs of up to 15 bytes differ.
    """
    if len(master) != BLOCK:
        raise ValueError(f"an AES-128 master key has 16 bytes, not {len(master)}")
    if not 1 <= len(diversification) <= LONGEST_INPUT:
        raise ValueError(f"diversification takes 1 to 31 bytes, not {len(diversification)}")
    first, second = _subkeys(master)
    message = bytes([AES_128]) + diversification
    padded = len(message) < 2 * BLOCK
    if padded:
        message = (message + b"\x80").ljust(2 * BLOCK, b"\0")
    message = message[:BLOCK] + _xor(message[BLOCK:], second if padded else first)
    encryptor = Cipher(AES(master), CBC(bytes(BLOCK))).encryptor()
    return (encryptor.update(message) + encryptor.finalize())[-BLOCK:]


def _subkeys(key: bytes) -> tuple[bytes, bytes]:
    """K1 and K2 (RFC 4493, 2.3)."""
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - one block, as the RFC says  # nosec B305
    first = _doubled(encryptor.update(bytes(BLOCK)) + encryptor.finalize())
    return first, _doubled(first)


def _doubled(block: bytes) -> bytes:
    """Multiplied by x in GF(2^128)."""
    number = int.from_bytes(block, "big") << 1
    if number >> 128:
        number ^= (1 << 128) | 0x87
    return number.to_bytes(BLOCK, "big")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
