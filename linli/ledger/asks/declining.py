"""Why an ask is declined: one error with a reason of `sync.asks.REASONS`."""

from __future__ import annotations

from linli.ledger.people.pins import PinError
from linli.ledger.shop.refusals import Refusal, ShopError


class Decline(Exception):  # noqa: N818 - it is an answer, not a failure
    """Nothing was changed; `reason` is one of `sync.asks.REASONS`."""

    def __init__(self, reason: str, tries: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tries = tries


REASON_OF = {
    Refusal.NOT_POSSIBLE: "not-there",
    Refusal.OTHER_CONTENT: "other-content",
    Refusal.CLOSED: "closed",
    Refusal.WITHDRAWN: "withdrawn",
    Refusal.TOO_FEW_POINTS: "too-few",
    Refusal.ACCOUNT_CLOSED: "account",
    Refusal.SOLD_OUT: "sold-out",
    Refusal.QUOTA: "quota",
    Refusal.ELSEWHERE: "held",
    Refusal.HELD: "held",
    Refusal.MISTYPED: "not-there",
    Refusal.UNKNOWN: "not-there",
    Refusal.WRONG_MERCHANT: "not-there",
    Refusal.USED: "not-there",
    Refusal.REFUNDED: "not-there",
    Refusal.EXPIRED: "not-there",
    Refusal.SETTLED: "closed",
}


def of_shop(error: ShopError) -> Decline:
    return Decline(REASON_OF[error.refusal])


def of_pin(error: PinError) -> Decline:
    return Decline(error.refusal.value, error.tries)
