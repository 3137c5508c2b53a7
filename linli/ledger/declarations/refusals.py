"""Why a deed cannot be written down: one error with a reason a program can tell apart and words
for people."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Reasons, each for another thing to do."""

    UNKNOWN = "unknown"
    """There is no such account or entry, or it is somebody else's."""
    CLOSED = "closed"
    MERGED = "merged"
    NO_ITEM = "no-item"
    """The standard of that day has no such item."""
    BY_CARD = "by-card"
    """The item is witnessed by a card, not declared."""
    FUTURE = "future"
    TOO_OLD = "too-old"
    BEFORE_ENROLMENT = "before-enrolment"
    WORDS = "words"
    """Nothing is said, or too much."""
    TOO_MANY_PHOTOS = "too-many-photos"
    TOO_MANY_WAITING = "too-many-waiting"
    OTHER_CONTENT = "other-content"
    """The form was sent before, with something else in it."""
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    NOT_A_PHOTO = "not-a-photo"
    BROKEN_PHOTO = "broken-photo"
    NO_EVIDENCE = "no-evidence"
    ELSEWHERE = "elsewhere"
    """The person is another community's."""
    OWN = "own"
    """Staff wrote down or signed a deed of their own."""
    SAME_PERSON = "same-person"
    """Both signatures would be one person's."""
    SETTLED = "settled"
    """The entry was signed or refused meanwhile."""


class DeclarationError(ValueError):
    """A deed cannot be written down like this; the text says why. Nothing was changed."""

    def __init__(self, refusal: Refusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal
