"""What people write about a deed: as they wrote it, without what no reader would see. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from linli.ledger.declarations.refusals import DeclarationError, Refusal

LONGEST = 500
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows: a panel would read something else than was written."""


def plain_words(text: str, longest: int = LONGEST) -> str:
    """The text on its lines, trimmed. Raises DeclarationError where nothing is left, or more than
    `longest` characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    words = "".join(c for c in lines if c == "\n" or _is_seen(c)).strip()
    if not 0 < len(words) <= longest:
        raise DeclarationError(
            Refusal.WORDS, f"say in 1 to {longest} characters what was done, not {len(words)}"
        )
    return words


def form_id(kind: str, of: str, token: str) -> str:
    """The id of what a form makes, the same whenever the form is sent again: `token` is the form's
    own. Without a dot, so that no activity's deed has it. Raises DeclarationError."""
    if not TOKEN.fullmatch(token):
        raise DeclarationError(Refusal.OTHER_CONTENT, "the form has no token: open it anew")
    return f"{kind}-{hashlib.sha256(f'{kind}/{of}/{token}'.encode()).hexdigest()[:24]}"


def _is_seen(character: str) -> bool:
    """Joiners inside emoji are; control characters and halves of characters are not."""
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _TURNS
