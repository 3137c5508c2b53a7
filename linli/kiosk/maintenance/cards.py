"""Whose card opens the maintainer's menu: salted hashes of UIDs in the terminal's settings.

A UID is no secret and can be imitated; the card only brings up the PIN pad, the PIN opens. The hash
keeps the numbers of people's cards out of settings files, support bundles and backups.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

SALT_BYTES = 16


def line_for(uid: bytes, salt: bytes) -> str:
    """The entry for `maintainer_cards`: salt and SHA-256, in hexadecimal."""
    return f"{salt.hex()}-{hashlib.sha256(salt + uid).hexdigest()}"


def holds(lines: Iterable[str], uid: bytes) -> bool:
    """Whether the card is one of those."""
    return any(_is(line, uid) for line in lines)


def _is(line: str, uid: bytes) -> bool:
    salt = bytes.fromhex(line.partition("-")[0])
    return hmac.compare_digest(line, line_for(uid, salt))
