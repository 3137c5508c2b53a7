"""What a refusal of the ledger means to the person at the screen."""

from __future__ import annotations

from collections.abc import Mapping

from linli.kiosk.flows.visit_views import Hindrance, PadTrouble
from linli.sync.asks import Answer, Declined, VoucherSeen

HINDRANCES: Mapping[str, Hindrance] = {
    "offline-too-few": Hindrance.LEASE_TOO_SMALL,
    "offline-voucher": Hindrance.VOUCHER_OFFLINE,
    "offline-pin": Hindrance.PIN_OFFLINE,
    "not-saved": Hindrance.NOT_SAVED,
    "slow": Hindrance.SLOW,
    "silent": Hindrance.SILENT,
    "silent-keeps": Hindrance.SILENT_KEEPS,
    "door-busy": Hindrance.DOOR_BUSY,
    "no-locker": Hindrance.DOOR_BUSY,
    "late": Hindrance.TOO_BUSY,
    "held": Hindrance.HELD_ELSEWHERE,
    "too-few": Hindrance.TOO_FEW,
    "sold-out": Hindrance.SOLD_OUT,
    "closed": Hindrance.WINDOW_CLOSED,
    "withdrawn": Hindrance.WITHDRAWN,
    "quota": Hindrance.QUOTA,
    "pin-locked": Hindrance.PIN_LOCKED,
    "pin-wrong": Hindrance.NOT_KNOWN,
    "pin-needed": Hindrance.NO_PIN,
    "no-pin": Hindrance.NO_PIN,
    "not-there": Hindrance.NOT_KNOWN,
}


VOUCHER_GOOD = "issued"


def voucher_hindrance(answer: Answer | None) -> Hindrance | None:
    """Why a voucher is of no use any more. Without the ledger's word it is taken to be good: the
    merchant asks again."""
    if not isinstance(answer, VoucherSeen) or answer.state == VOUCHER_GOOD:
        return None
    return Hindrance.VOUCHER_USED if answer.state == "used" else Hindrance.VOUCHER_OVER


def hindrance_for(answer: Answer | None, *, online: bool) -> Hindrance:
    """None is no answer at all: the network is away or, where it is not, the ledger takes no
    ask of this terminal: it is down, or one of the two clocks is wrong."""
    if answer is None or (isinstance(answer, Declined) and answer.reason == "not-reached"):
        return Hindrance.NO_ANSWER if online else Hindrance.NO_NETWORK
    if isinstance(answer, Declined):
        return HINDRANCES.get(answer.reason, Hindrance.REFUSED)
    return Hindrance.REFUSED


def pad_trouble_for(answer: Declined) -> PadTrouble | None:
    """A PIN that may be typed once more."""
    return PadTrouble.WRONG if answer.reason == "pin-wrong" and answer.tries else None
