"""What is asked of a story's words before any table is looked at. Pure."""

from __future__ import annotations

import re
import unicodedata

TITLE_LONGEST, TEXT_LONGEST, REASON_LONGEST = 24, 180, 200
"""A board shows the whole of a story at once, to be read from ten metres."""
_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They would turn the words around them."""


class StoryError(ValueError):
    """A story cannot be taken, shown or taken down; the text says why. Nothing was changed."""


def checked_title(words: str) -> str:
    """As it is kept, blanks made single. Raises StoryError, as the others here do."""
    words = _plain(words)
    if not 0 < len(words) <= TITLE_LONGEST:
        raise StoryError(f"the title has {len(words)} characters: write 1 to {TITLE_LONGEST}")
    return words


def checked_text(words: str) -> str:
    words = _plain(words)
    if not 0 < len(words) <= TEXT_LONGEST:
        raise StoryError(f"the text has {len(words)} characters: write 1 to {TEXT_LONGEST}")
    return words


def checked_reason(words: str) -> str:
    words = _plain(words)
    if not 0 < len(words) <= REASON_LONGEST:
        raise StoryError(f"the reason has {len(words)} characters: write 1 to {REASON_LONGEST}")
    return words


def _plain(words: str) -> str:
    """Without what cannot be seen, and what looks like the number of a telephone or card."""
    words = " ".join(words.split())
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING for c in words):
        raise StoryError("leave control characters out of a story")
    if _NUMBER.search(words):
        raise StoryError("leave telephone and identity numbers out: everybody reads it")
    return words
