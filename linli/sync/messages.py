"""The one vocabulary of the wire: everything that crosses MQTT or HTTP is a struct of this file.

Events travel terminal → ledger in an `Envelope` with CloudEvents 1.0 attribute names
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md), many to a `Batch`,
one `SignedBatch` around them. Rows travel ledger → terminal in numbered `Change`s or one
`Snapshot`. Times are ISO 8601 with an offset; points are whole numbers.
Unknown fields are ignored by the reader and kept in the stored bytes; unknown event types
are parked by the ledger, never dropped.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
"""A terminal, organisation or board name: safe inside a topic and a URL."""
Moment = Annotated[dt.datetime, Meta(tz=True)]
LARGEST = 2**53 - 1
"""What every reader of JSON holds exactly (RFC 8259, section 6), and every database too."""
Count = Annotated[int, Meta(ge=0, le=LARGEST)]
Number = Annotated[int, Meta(ge=1, le=LARGEST)]
Points = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
Minutes = Annotated[int, Meta(ge=0, le=366 * 24 * 60)]


class Trust(StrEnum):
    """How sure a tap is of its card: a verified dynamic message, or no more than a UID."""

    HIGH = "high"
    LOW = "low"


class Kind(StrEnum):
    """The three kinds of account holder."""

    RESIDENT = "resident"
    CADRE = "cadre"
    UNIT = "unit"


# --- events: terminal → ledger ---------------------------------------------------------------


class CheckIn(Struct, frozen=True, kw_only=True):
    """A card was tapped at an open activity."""

    account: str
    card: str
    activity: str
    trust: Trust
    reader: str = ""
    counter: Count | None = None


class SignOut(Struct, frozen=True, kw_only=True):
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


class Envelope(Struct, frozen=True, kw_only=True):
    """One event. Its key is (terminal in `source`, `seq`); `id` repeats it as text.

    `time` is the terminal's wall clock as it stood; `clockgood` says whether that clock was
    known to be right; `monotonicms` counts within `bootid`.
    """

    id: str
    source: str
    type: str
    time: Moment
    seq: Number
    bootid: str
    monotonicms: Count
    clockgood: bool
    data: Raw
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


class Batch(Struct, frozen=True, kw_only=True):
    """1–100 events in the order of `seq`, linked to the batch before by its SHA-256 (hex)."""

    terminal: Name
    number: Number
    previous: str
    events: Annotated[list[Raw], Meta(min_length=1, max_length=100)]


class SignedBatch(Struct, frozen=True, kw_only=True):
    """`signature` is Ed25519 (RFC 8032), base64, over the exact bytes of `batch` as sent."""

    batch: Raw
    signature: str


class Ack(Struct, frozen=True, kw_only=True):
    """The ledger's answer after its commit: every seq up to `watermark` is kept for good."""

    terminal: Name
    watermark: Count


class PresenceState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"


class Presence(Struct, frozen=True, kw_only=True):
    """Retained; also the last will. An `offline` of another boot than the last `online` is old."""

    terminal: Name
    state: PresenceState
    bootid: str
    version: str
    at: Moment


# --- rows: ledger → terminals and boards -----------------------------------------------------


class OrgRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="org"):
    """A node of the street – community – building – household tree."""

    id: str
    parent: str | None
    level: str
    name: str


class ActivityRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="activity"):
    """Something to come to. Check-in is open from `starts_at - early_min` to
    `starts_at + late_min`; a sign-out is taken until `ends_at + out_late_min`.
    `min_minutes` is None where one tap is enough."""

    id: str
    title: str
    item: str
    points: Count
    place: str
    starts_at: Moment
    ends_at: Moment
    centre: str
    early_min: Minutes = 30
    late_min: Minutes = 30
    out_late_min: Minutes = 60
    min_minutes: Minutes | None = None
    cancelled: bool = False


class StandingRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="standing"):
    """One account's points of one period as everybody may see them.

    `period` is `2026`, `2026-11` or `2026-W48`; `name` is masked, or an alias without consent;
    `reached_at` is the day's moment of the newest deed counted (orders ties)."""

    account: str
    kind: Kind
    name: str
    building: str
    building_name: str
    period: str
    pending: Count
    posted: Count
    reached_at: Moment


class MomentRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="moment"):
    """Something that just happened, for the board: `points` is None for a check-in that is
    still waiting for its sign-out."""

    id: str
    name: str
    title: str
    points: Points | None
    at: Moment


class NoticePlace(Struct, frozen=True, kw_only=True):
    """One of the first of a month on notice, by the name that everybody may see."""

    kind: Kind
    rank: Number
    name: str
    points: Count


class NoticeRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="notice"):
    """A month's notice. Objections are taken until the end of the day `closes`, by the `ways`
    named (`card`, `phone`, `desk`); from `sealed_at` on its points may be spent.

    `top` has the first three ranks of each kind, ties cut at three. `root` is how the root of the
    record's checkpoint begins, in hex, and `record` its leaves: "" and 0 before the first."""

    month: str
    opens: dt.date
    closes: dt.date
    sealed_at: Moment | None
    deeds: Count
    points: Count
    people: Count
    units: Count
    top: list[NoticePlace]
    ways: list[str]
    root: str
    record: Count


class StoryRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="story"):
    """A story for the board. `name` is whom it is about ("" for nobody in particular), `honour`
    what they were given in `year` (`star`, `neighbour`, "" for none). One that was taken off has
    `shown` false and no words any more."""

    id: str
    title: str
    text: str
    name: str
    honour: str
    year: str
    shown: bool
    at: Moment


class WareRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="ware"):
    """Something that points are redeemed for: a `good` or `service` of one `centre`, or a
    `voucher` of a `merchant` (its centre is ""; how many of it a person may have, the ledger says
    when asked). `left` is how many goods are on the shelf, None for what is not counted.

    It can be had while it is `on_sale` and a window is open (`WindowRow`), or it is `all_year`.
    `picture` is the SHA-256 (hex) of its picture, "" where there is none."""

    id: str
    centre: str
    kind: str
    name: str
    points: Count
    left: Count | None
    merchant: str
    on_sale: bool
    all_year: bool
    picture: str = ""


class WindowRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="window"):
    """When a `quarter` (`2026-Q4`) is redeemed: from `opens` on, and before `closes`."""

    quarter: str
    opens: Moment
    closes: Moment


Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""A time of day in Asia/Shanghai; 24:00 is the end of the day."""


class BoardPage(Struct, frozen=True, kw_only=True):
    """One page of the board, for so many seconds, on every day from `first` until `last`; a span
    that ends before it begins goes over midnight. A page that a board does not know is left out."""

    page: str
    seconds: Annotated[int, Meta(ge=5, le=600)]
    first: Clock = "00:00"
    last: Clock = "24:00"


class BoardPlanRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="board-plan"):
    """What staff want on their boards, in this order: pages that are not listed are off. Rankings
    are of the `periods` named (week, month, year). From `dim_from` until `dim_until` the picture is
    darker by `dim_percent`; both are alike where it never is."""

    pages: list[BoardPage]
    periods: list[str]
    dim_from: Clock
    dim_until: Clock
    dim_percent: Annotated[int, Meta(ge=0, le=90)]


class UrgentRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="urgent"):
    """A message over everything else on the board, from `starts_at` on and before `until`. One that
    was taken back ends when it was."""

    id: str
    text: str
    starts_at: Moment
    until: Moment


class StandardChange(Struct, frozen=True, kw_only=True):
    """What an item brings: `old` is None for a new one, `new` for one that ends."""

    code: str
    name: str
    old: Count | None
    new: Count | None


class StandardChangeRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="standard-change"):
    """What a `version` of the standard changes for deeds done from a day on."""

    version: str
    effective_from: dt.date
    changes: list[StandardChange]


class HolderRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="holder"):
    """What a terminal may know of a person: a masked name and balances. Never on the board.

    `consent` is whether that name may stand in public (never a child's), `pin` whether they have
    chosen a PIN."""

    account: str
    kind: Kind
    name: str
    building: str
    building_name: str
    redeemable: Points
    earned: Points
    pending: Points
    consent: bool = False
    under14: bool = False
    pin: bool = False


class CardRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="card"):
    """A card of the centre. `uid` and `key` are hex; `key` is the card's own diversified AES key
    (None for UID-only chips); `status` is active, blocked or replaced."""

    card: str
    uid: str
    account: str
    chip: str
    key: str | None
    status: str


class AttendanceRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="attendance"):
    """Who came to what: the earliest check-in and the latest sign-out known."""

    account: str
    activity: str
    in_at: Moment | None
    out_at: Moment | None


class DeedRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="deed"):
    """One deed. `state` is pending, posted or voided; `surplus` is over its item's limit. `reason`
    is why it was voided."""

    id: str
    account: str
    item: str
    activity: str | None
    title: str
    done_at: Moment
    points: Count
    state: str
    surplus: bool
    reason: str = ""


class DoorRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="door"):
    """What is behind a door of a terminal's locker: `ware` is "" where nothing is meant to be.
    `full` is as staff filled it: nothing was given out of it since, or failed to come out."""

    terminal: str
    door: Number
    ware: str
    full: bool


class LeaseState(StrEnum):
    """`recalled`: the terminal should give it back as soon as it can. `refused`: there is no such
    lease, and asking again under the same id may be answered otherwise."""

    GRANTED = "granted"
    REFUSED = "refused"
    RECALLED = "recalled"
    ENDED = "ended"


class LeaseRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="lease"):
    """How a lease stands. `account` is whose points it holds: another than was asked for where
    that one was merged. `reason` is a word that tells why it was refused."""

    id: str
    terminal: str
    account: str
    points: Count
    state: LeaseState
    reason: str = ""


PublicRow = (
    OrgRow
    | ActivityRow
    | StandingRow
    | MomentRow
    | NoticeRow
    | StoryRow
    | WareRow
    | WindowRow
    | BoardPlanRow
    | UrgentRow
    | StandardChangeRow
)
CentreRow = HolderRow | CardRow | AttendanceRow | DeedRow | LeaseRow | DoorRow
Row = (
    OrgRow
    | ActivityRow
    | StandingRow
    | MomentRow
    | NoticeRow
    | StoryRow
    | WareRow
    | WindowRow
    | BoardPlanRow
    | UrgentRow
    | StandardChangeRow
    | HolderRow
    | CardRow
    | AttendanceRow
    | DeedRow
    | LeaseRow
    | DoorRow
)


class Stream(StrEnum):
    """The two numbered feeds of a scope. `changes` holds what anybody may see; `holders` holds
    what only the centre's terminals may (masked names, card keys, attendance)."""

    CHANGES = "changes"
    HOLDERS = "holders"


class Change(Struct, frozen=True, kw_only=True):
    """Rows written by one ledger transaction; numbers of a scope and stream have no gaps."""

    scope: Name
    stream: Stream
    number: Number
    at: Moment
    rows: list[Row]


class Head(Struct, frozen=True, kw_only=True):
    """Retained: the newest number of the stream, so that a lost last change is noticed."""

    scope: Name
    stream: Stream
    number: Count


class Snapshot(Struct, frozen=True, kw_only=True):
    """All rows of a stream as of `number`, over HTTPS."""

    scope: Name
    stream: Stream
    number: Count
    at: Moment
    rows: list[Row]


# --- documents: retained, versioned ----------------------------------------------------------


class ItemLimit(Struct, frozen=True, kw_only=True):
    """At most `n` awards of one item per `per` (day, week, month, quarter, year) and account."""

    n: Number
    per: Annotated[str, Meta(pattern="^(day|week|month|quarter|year)$")]


class Item(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    points: Count
    record: str
    limit: ItemLimit | None = None
    duration_min: Minutes | None = None


class ItemClass(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    items: list[Item]


class StandardDoc(Struct, frozen=True, kw_only=True):
    """The points standard in force from `effective_from` (a day in Asia/Shanghai)."""

    version: str
    effective_from: dt.date
    classes: list[ItemClass]


class HotList(Struct, frozen=True, kw_only=True):
    """Cards (by card id) that no terminal of the scope may accept."""

    scope: Name
    version: Count
    cards: list[str]


WIRE_TYPES: tuple[type[Struct], ...] = (
    Envelope,
    Batch,
    SignedBatch,
    Ack,
    Presence,
    CheckIn,
    SignOut,
    CardRefused,
    LeaseRequest,
    LeaseSpend,
    LeaseReturn,
    Delivered,
    NotDelivered,
    Objection,
    Consent,
    Change,
    Head,
    Snapshot,
    StandardDoc,
    HotList,
)
"""Every top-level message, in the order of docs/protocol.md; JSON Schemas are made from it."""

encode = msgspec.json.Encoder().encode


def learn(*kinds: type[Struct]) -> None:
    """msgspec works out a struct when it is first read, and two threads that do so at once bring
    the whole process down (seen with msgspec 0.22): so each is read for the first time here."""
    for kind in kinds:
        msgspec.json.Decoder(kind)


learn(*WIRE_TYPES)
