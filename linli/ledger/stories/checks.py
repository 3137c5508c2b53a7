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


def checked_words(what: str, words: str, longest: int) -> str:
    """The words as they are kept, blanks made single. Raises StoryError: also for what looks like
    the number of a telephone or an identity card."""
    words = " ".join(words.split())
    if not 0 < len(words) <= longest:
        raise StoryError(f"{what}: write 1 to {longest} characters, these are {len(words)}")
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING for c in words):
        raise StoryError(f"{what}: leave control characters out")
    if _NUMBER.search(words):
        raise StoryError(f"{what}: leave telephone and identity numbers out, everybody reads it")
    return words
