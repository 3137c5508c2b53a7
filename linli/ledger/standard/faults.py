"""Why an adjustment of the standard is refused: a reason a program can tell apart, and words."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Reasons, each for another thing to do."""

    NO_DRAFT = "no-draft"
    NO_STANDARD = "no-standard"
    """There is no version yet that could be adjusted."""
    PUBLISHED = "published"
    """A published set never changes; another one can."""
    NOT_PUBLISHED = "not-published"
    STALE = "stale"
    """It is not, or not any more, what was looked at: look again."""
    EMPTY = "empty"
    NO_CHANGE = "no-change"
    """The new value is the old one."""
    CONTRADICTORY = "contradictory"
    CODE_TAKEN = "code-taken"
    """The code names something else, or did once."""
    NO_ITEM = "no-item"
    BAD_VALUE = "bad-value"
    NO_REASON = "no-reason"
    BAD_MONTH = "bad-month"
    PAST = "past"
    """The effective day is over."""
    TOO_EARLY = "too-early"
    """The effective day is not after that of the newest version."""


class AdjustError(ValueError):
    """The standard cannot be adjusted so; the text says why. Nothing was changed."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault
