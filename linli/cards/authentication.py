"""NTAG 424 DNA: both ends prove that they know one key (NT4H2421Gx, 9.1.5–9.1.7; AN12196, 5.6).

| reader                  | card                         |
|-------------------------|------------------------------|
| `begin` or `begin_again`| E(K, RndB)                   |
| `respond`               | E(K, TI, RndA', capabilities)|
| `opened` or `reopened`  |                              |

RndA and RndB are 16 random bytes, the one marked ' rotated by a byte. Both ends then have a session
of their own keys; a non-first authentication keeps transaction and counter.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from linli.cards.secure_messaging import (
    BLOCK,
    MORE,
    CardAnswerError,
    Session,
    decrypt,
    encrypt,
    good,
    native,
)
from linli.cards.sun import aes_cmac

FIRST, NON_FIRST, ADDITIONAL_FRAME = 0x71, 0x77, 0xAF
CAPABILITIES = bytes(6)
_NO_IV = bytes(BLOCK)


@dataclass(frozen=True)
class Challenge:
    """What both ends have drawn for one authentication with one key."""

    key_number: int
    random_a: bytes = field(repr=False)
    random_b: bytes = field(repr=False)


def begin(key_number: int) -> bytes:
    """AuthenticateEV2First, part 1, without capabilities."""
    return native(FIRST, bytes([key_number, 0]))


def begin_again(key_number: int) -> bytes:
    """AuthenticateEV2NonFirst, part 1: inside a transaction that was begun."""
    return native(NON_FIRST, bytes([key_number]))


def respond(key: bytes, key_number: int, answer: bytes, random_a: bytes) -> tuple[Challenge, bytes]:
    """Part 2. Raises CardAnswerError where the card gave no challenge."""
    hidden = good(answer, MORE)
    if len(hidden) != BLOCK:
        raise CardAnswerError(f"a challenge has 16 bytes, not {len(hidden)}")
    challenge = Challenge(key_number, random_a, decrypt(key, _NO_IV, hidden))
    proof = encrypt(key, _NO_IV, random_a + rotated(challenge.random_b))
    return challenge, native(ADDITIONAL_FRAME, proof)


def opened(key: bytes, challenge: Challenge, answer: bytes) -> Session:
    """The session after a first authentication. Raises CardAnswerError where the card does not
    take or does not know the key."""
    plain = _proof(key, answer, 2 * BLOCK)
    ti, proof = plain[:4], plain[4:20]
    _require_own(challenge, proof)
    return new_session(key, challenge, ti)


def reopened(key: bytes, challenge: Challenge, answer: bytes, before: Session) -> Session:
    """The session after a non-first authentication within that of `before`."""
    _require_own(challenge, _proof(key, answer, BLOCK))
    return new_session(key, challenge, before.ti, before.counter)


def new_session(key: bytes, challenge: Challenge, ti: bytes, counter: int = 0) -> Session:
    """Session keys from SV1 and SV2 (NT4H2421Gx, 9.1.7)."""
    a, b = challenge.random_a, challenge.random_b
    mixed = bytes(x ^ y for x, y in zip(a[2:8], b[:6], strict=True))
    context = bytes.fromhex("00010080") + a[:2] + mixed + b[6:] + a[8:]
    return Session(
        challenge.key_number,
        ti,
        encryption=aes_cmac(key, b"\xa5\x5a" + context),
        mac=aes_cmac(key, b"\x5a\xa5" + context),
        counter=counter,
    )


def rotated(block: bytes) -> bytes:
    """By one byte to the left."""
    return block[1:] + block[:1]


def _proof(key: bytes, answer: bytes, size: int) -> bytes:
    hidden = good(answer)
    if len(hidden) != size:
        raise CardAnswerError(f"the card's proof has {size} bytes, not {len(hidden)}")
    return decrypt(key, _NO_IV, hidden)


def _require_own(challenge: Challenge, proof: bytes) -> None:
    if not hmac.compare_digest(proof, rotated(challenge.random_a)):
        raise CardAnswerError("the card does not know the key: it is another's")
