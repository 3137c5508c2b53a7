"""Passwords as argon2id hashes (RFC 9106), and which ones are taken."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 128
FEWEST_KINDS = 5
"""Different characters that a password has at least."""
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are taken for each other when read aloud."""
hasher = PasswordHasher()


class PasswordError(ValueError):
    """A password cannot be used; the text says why."""


def hashed(password: str, login: str) -> str:
    """Raises PasswordError for one that is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordError(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < FEWEST_KINDS or login.lower() in password.lower():
        raise PasswordError("this password is easy to guess: take another")
    return hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password of that hash. Without a hash (nobody has that login) it takes
    just as long and is False: an answer's time does not tell who exists."""
    if len(password) > LONGEST:
        return False
    try:
        return hasher.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_password() -> str:
    """A random one that can be read out: 60 bits in three groups."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hasher.hash(secrets.token_urlsafe())
