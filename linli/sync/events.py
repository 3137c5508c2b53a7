"""Events: what terminals tell the ledger, each once, in an `Envelope` (messages.py)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from linli.sync.values import Count, Number, Trust


class CheckIn(Struct, frozen=True, kw_only=True, gc=False):
    """A card was tapped at an open activity."""

    account: str
    card: str
    activity: str
    trust: Trust
    reader: str = ""
    counter: Count | None = None


class SignOut(Struct, frozen=True, kw_only=True, gc=False):
    """The same person tapped again after the activity's minimum time."""

    account: str
    card: str
    activity: str
    trust: Trust
    reader: str = ""
    counter: Count | None = None


class CardRefused(Struct, frozen=True, kw_only=True):
    """A known card was turned away: `blocked`, `replayed`, `forged` or `cloned`."""

    card: str
    reason: str
    account: str = ""
    reader: str = ""
    counter: Count | None = None


class LeaseRequest(Struct, frozen=True, kw_only=True):
    """The terminal asks for points of a holder, to spend them while it is cut off. `request` is
    its own choice; the answer is a `LeaseRow` with the id `{account}.{request}`. `card` is the
    one that was tapped, "" where the terminal asks by itself."""

    account: str
    request: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    points: Number
    card: str = ""


class LeaseSpend(Struct, frozen=True, kw_only=True):
    """Points of a lease were spent: `what` is the words on the slip. `ware` is one of the shop's,
    `pieces` of it, where something is to be handed out."""

    account: str
    lease: str
    points: Number
    what: str
    ware: str = ""
    pieces: Number = 1


class LeaseReturn(Struct, frozen=True, kw_only=True):
    """The terminal gives a lease back; `points` of it are not spent. What it spent, it said in
    events before this one."""

    account: str
    lease: str
    points: Count


class Delivered(Struct, frozen=True, kw_only=True):
    """What was paid for came out of a door. `order` is what paid: `redeem.…`, or `spend.…` for a
    spend of this terminal."""

    account: str
    order: str
    door: Number


class NotDelivered(Struct, frozen=True, kw_only=True):
    """A door did not give out what was asked for; `reason` is `jam`, `no-answer` or `unclear`.

    `order` is empty where nothing was paid. Otherwise its points go back, but for `unclear`: there
    nobody knows whether the goods are out, and staff must look."""

    account: str
    door: Number
    reason: Annotated[str, Meta(pattern="^(jam|no-answer|unclear)$")]
    ware: str = ""
    order: str = ""


class Objection(Struct, frozen=True, kw_only=True):
    """Somebody objects to an entry of a notice that hangs, in words of the screen's choice."""

    account: str
    card: str
    trust: Trust
    deed: str
    words: Annotated[str, Meta(min_length=1, max_length=200)]


class Consent(Struct, frozen=True, kw_only=True):
    """Somebody lets their masked name stand in public, or takes that back."""

    account: str
    card: str
    trust: Trust
    agreed: bool


TapEvent = CheckIn | SignOut | CardRefused
LeaseEvent = LeaseRequest | LeaseSpend | LeaseReturn
DoorEvent = Delivered | NotDelivered
WordEvent = Objection | Consent
Event = TapEvent | LeaseEvent | DoorEvent | WordEvent

EVENT_TYPES: dict[str, type[Event]] = {
    "linli.check-in.v1": CheckIn,
    "linli.sign-out.v1": SignOut,
    "linli.card-refused.v1": CardRefused,
    "linli.lease-request.v1": LeaseRequest,
    "linli.lease-spend.v1": LeaseSpend,
    "linli.lease-return.v1": LeaseReturn,
    "linli.delivered.v1": Delivered,
    "linli.not-delivered.v1": NotDelivered,
    "linli.objection.v1": Objection,
    "linli.consent.v1": Consent,
}
TYPE_OF_EVENT = {struct: name for name, struct in EVENT_TYPES.items()}

__all__ = [
    "EVENT_TYPES",
    "TYPE_OF_EVENT",
    "CardRefused",
    "CheckIn",
    "Consent",
    "Delivered",
    "DoorEvent",
    "Event",
    "LeaseEvent",
    "LeaseRequest",
    "LeaseReturn",
    "LeaseSpend",
    "NotDelivered",
    "Objection",
    "SignOut",
    "TapEvent",
    "WordEvent",
]
