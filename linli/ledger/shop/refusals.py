"""Why the shop says no: one error with a reason a program can tell apart and words for people."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Reasons, each for another thing to do."""

    NOT_POSSIBLE = "not-possible"
    """What was asked for makes no sense, or names something that does not exist."""
    OTHER_CONTENT = "other-content"
    """The request's id was used before, for something else."""
    CLOSED = "closed"
    """Outside every redemption window of the community."""
    WITHDRAWN = "withdrawn"
    """It is not offered any more."""
    TOO_FEW_POINTS = "too-few-points"
    ACCOUNT_CLOSED = "account-closed"
    """Who asks has left, or is forgotten."""
    SOLD_OUT = "sold-out"
    QUOTA = "quota"
    """The person, or everybody together, had as many as there are in this period."""
    MISTYPED = "mistyped"
    """Its check character says that this is no code: read it again."""
    UNKNOWN = "unknown"
    """A well-formed code that was never issued."""
    WRONG_MERCHANT = "wrong-merchant"
    USED = "used"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"
    """The holder's points are leased to another terminal."""
    HELD = "held"
    """They have the points, but a terminal holds some of them."""
    SETTLED = "settled"
    """The month was settled already, so today cannot be in it: the clock is wrong."""


class ShopError(ValueError):
    """The shop cannot do it; the text says why in plain words. Nothing was changed."""

    def __init__(self, refusal: Refusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal
