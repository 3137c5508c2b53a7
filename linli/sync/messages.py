"""The one vocabulary of the wire: everything that crosses MQTT or HTTP is a struct of this
file, or of `events.py`, `rows.py` and `values.py`, which are read through it.

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
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from linli.sync.events import *
from linli.sync.rows import *
from linli.sync.values import *


class Envelope(Struct, frozen=True, kw_only=True, gc=False):
    """One event. Its key is (terminal in `source`, `seq`); `id` repeats it as text.

    `time` is the terminal's wall clock as it stood; `clockgood` says whether that clock was
    known to be right; `monotonicms` counts within `bootid`. `traceparent` (`tracing.py`) names the
    tap that it comes of; what is none is overlooked.
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
    traceparent: str | UnsetType = UNSET


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
    """The ledger's answer after its commit: every seq up to `watermark` is kept for good.

    `batch` is the number of the batch that brought the event `watermark`, `digest` its SHA-256
    (hex): a copy of the terminal, whose batch of that number is another one, must not take the
    answer for its own. 0 and "" where nothing is kept, and from a ledger of before."""

    terminal: Name
    watermark: Count
    batch: Count = 0
    digest: str = ""


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


# --- the feed: ledger → terminals and boards -------------------------------------------------


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
