"""Why a phone is not linked: one error with a reason a program can tell apart and words for
people."""

from __future__ import annotations

from enum import StrEnum


class PhoneRefusal(StrEnum):
    """Reasons, each for another thing to do."""

    NO_TICKET = "no-ticket"
    """What was scanned or typed is no ticket, or nobody we know signed it."""
    CLOCK = "clock"
    """The terminal did not know the time: nobody can say how old its ticket is."""
    EXPIRED = "expired"
    USED = "used"
    LOW_TRUST = "low-trust"
    """The card can be copied: the desk looks at the person instead."""
    CARD_STOPPED = "card-stopped"
    NOT_THEIRS = "not-theirs"
    """Account, card and terminal do not belong together."""
    CLOSED = "closed"


class PhoneError(ValueError):
    """A phone cannot be linked; the text says why in plain words. Nothing was changed."""

    def __init__(self, refusal: PhoneRefusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal
