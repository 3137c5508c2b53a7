"""One thing that one person redeems here, and the states it goes through.

| state    | what is certain                                   | what may follow                 |
|----------|---------------------------------------------------|---------------------------------|
| waiting  | a lease was given back for it; nothing is paid    | asked, declined                 |
| asked    | the ledger may have been asked, under `request`   | opening, counter, voucher,      |
|          |                                                   | declined, back                  |
| opening  | the door may have been told to open, under `nonce`| out, back, unclear              |
| out      | the door opened, and it is paid                   |                                 |
| back     | nothing came out; the points are back or will be  |                                 |
| unclear  | it is paid, and staff look whether it came out    |                                 |
| counter  | it is paid, and staff give it out                 |                                 |
| voucher  | it is paid, and its code is here                  |                                 |
| declined | nothing is paid and nothing came out              |                                 |

Each line is one commit, made before anything follows from it; an end is committed with the events
that tell the ledger. The ledger's way is paid before it is `opening`; what a lease pays is held
back on it meanwhile, and spent with the end.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from linli.sync.asks import Redeemed, Tapped


class State(StrEnum):
    WAITING = "waiting"
    ASKED = "asked"
    OPENING = "opening"
    OUT = "out"
    BACK = "back"
    UNCLEAR = "unclear"
    COUNTER = "counter"
    VOUCHER = "voucher"
    DECLINED = "declined"


UNFINISHED = (State.WAITING, State.ASKED, State.OPENING)


class DoorOutcome(StrEnum):
    """What came of a command to open: `no-answer` where surely nothing was moved, `unknown` where
    nobody knows."""

    OPENED = "opened"
    JAM = "jam"
    NO_ANSWER = "no-answer"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Thing:
    """What is to be had: one piece of `ware` of this centre, out of `door` or over the counter
    (None), or one voucher of `offer`."""

    title: str
    points: int
    ware: str = ""
    offer: str = ""
    door: int | None = None

    def __post_init__(self) -> None:
        if bool(self.ware) == bool(self.offer):
            raise ValueError("a redemption is of a ware or of an offer")
        if self.offer and self.door is not None:
            raise ValueError("a voucher comes out of no door")


@dataclass(frozen=True)
class Redemption:
    """`lease` is what pays, "" for the ledger's way. `order` is what the ledger knows it by once it
    is paid; `reason` is why it was declined or came back."""

    request: str
    who: Tapped
    thing: Thing
    state: State
    made_at: dt.datetime
    lease: str = ""
    nonce: bytes | None = None
    order: str = ""
    reason: str = ""
    left: int | None = None
    code: str = ""
    merchant: str = ""
    until: dt.datetime | None = None
    shown_at: dt.datetime | None = None

    @property
    def door(self) -> int:
        """Raises ValueError where there is none."""
        if self.thing.door is None:
            raise ValueError(f"{self.thing.title} comes out of no door")
        return self.thing.door


def paid(redemption: Redemption, answer: Redeemed, held: int = 0) -> Redemption:
    """The same with what the ledger says of it; its state is for the caller. `held` are points of
    the same person that leases here hold: they are theirs to spend all the same."""
    return replace(
        redemption,
        thing=replace(redemption.thing, title=answer.title, points=answer.points),
        order=answer.order,
        left=answer.left + held,
        code=answer.code,
        merchant=answer.merchant,
        until=answer.until,
    )


@dataclass(frozen=True)
class Ending:
    """How a redemption from a door ends. `spends` says whether a lease pays for it; `reason` is
    that of `NotDelivered`, None for `Delivered`. A door that was used is not offered again before
    the feed tells of it anew."""

    state: State
    spends: bool
    reason: str | None
    uses_door: bool = True


ENDINGS = {
    DoorOutcome.OPENED: Ending(State.OUT, spends=True, reason=None),
    DoorOutcome.JAM: Ending(State.BACK, spends=False, reason="jam"),
    DoorOutcome.NO_ANSWER: Ending(State.BACK, spends=False, reason="no-answer", uses_door=False),
    DoorOutcome.UNKNOWN: Ending(State.UNCLEAR, spends=True, reason="unclear"),
}
"""Where nobody knows, the points are taken: staff who find the goods behind the door give them
back, while goods that are gone cannot be asked back."""
