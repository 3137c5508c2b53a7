"""The maintainer's PIN as an argon2id hash (RFC 9106) in the terminal's settings: it is verified
here, as a maintainer is called when the network is gone.

Six digits can be tried out by whoever has the file and days of computing: the hash slows that, the
lock of `tries.py` is what holds at the terminal.
"""

from __future__ import annotations

DIGITS = 6
MEMORY_KIB, ROUNDS = 19 * 1024, 2
"""OWASP's smallest: a terminal has little memory to spare, and a maintainer waits once."""


class PinError(ValueError):
    """It cannot be a maintainer's PIN; the text says why."""


def hashed(pin: str) -> str:
    """The setting `maintenance_pin`. Raises PinError."""
    from argon2 import PasswordHasher

    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        raise PinError("a maintainer's PIN has six digits")
    if len(set(pin)) < 3 or pin in "01234567890 09876543210":
        raise PinError("this PIN is easy to guess: take another")
    return PasswordHasher(ROUNDS, MEMORY_KIB, 1).hash(pin)


def matches(pin: str, kept: str) -> bool:
    """Takes about a tenth of a second on purpose."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(kept, pin)
    except (VerificationError, InvalidHashError):
        return False
