"""Reads one event of an authenticated batch: what it is, or why it cannot be taken. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
import msgspec.structs
from msgspec import Raw, Struct

from linli.sync.messages import EVENT_TYPES, LARGEST, CheckIn, Envelope, Event, SignOut, learn

LONGEST_ID = 256
"""What an index of PostgreSQL takes with room to spare; ours are a tenth of it."""
TAPS = (CheckIn, SignOut)
"""What people do at activities."""
NUL = rb"\u0000"
EARLIEST, LATEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


class Reason(StrEnum):
    """Why something is parked, as `linli ledger parked` shows it."""

    UNREADABLE = "unreadable"
    UNKNOWN_TERMINAL = "unknown-terminal"
    WRONG_NAME = "wrong-name"
    WRONG_SIGNATURE = "wrong-signature"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    QUARANTINED = "quarantined"
    FORK = "fork"
    CONFLICT = "conflict"
    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown-type"
    UNKNOWN_ACCOUNT = "unknown-account"
    UNKNOWN_ACTIVITY = "unknown-activity"
    UNKNOWN_CARD = "unknown-card"
    UNKNOWN_LEASE = "unknown-lease"
    UNKNOWN_ORDER = "unknown-order"
    REFUSED = "refused"
    UNPROCESSABLE = "unprocessable"


class _Numbered(Struct):
    """As much of an envelope as tells which event it is."""

    seq: int


learn(_Numbered)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_numbered = msgspec.json.Decoder(_Numbered)
_envelope = msgspec.json.Decoder(Envelope)
_events: Mapping[str, msgspec.json.Decoder[Event]] = {
    name: msgspec.json.Decoder(kind) for name, kind in EVENT_TYPES.items()
}


class Arrived(Struct, frozen=True, gc=False):
    """One event of a batch, by its number. `event` is None where `reason` says why it cannot be
    read; `account` and `activity` are what it names."""

    terminal: str
    batch: int
    seq: int
    body: bytes
    digest: str
    envelope: Envelope | None
    event: Event | None
    reason: Reason | None = None
    detail: str = ""
    account: str = ""
    activity: str | None = None

    @property
    def card(self) -> str:
        """The card it tells of; "" for words that no card was tapped for."""
        return getattr(self.event, "card", "")


class NoNumberError(ValueError):
    """No event of the batch can be told by its number."""


def read_events(
    terminal: str, batch: int, bodies: Sequence[Raw]
) -> tuple[list[Arrived], list[bytes]]:
    """The events of the batch with that number, and what has no number and cannot get one from
    its neighbours.

    Raises NoNumberError where not a single number can be read."""
    seqs = [_seq_of(body) for body in bodies]
    anchor = next(((place, seq) for place, seq in enumerate(seqs) if seq is not None), None)
    if anchor is None:
        raise NoNumberError("no event of the batch has a number")
    place, first = anchor
    claimed = {seq for seq in seqs if seq is not None}
    arrived, loose = [], []
    for index, (body, seq) in enumerate(zip(bodies, seqs, strict=True)):
        number = first + index - place if seq is None else seq
        if seq is None and (number in claimed or not 1 <= number <= LARGEST):
            loose.append(bytes(body))
        else:
            arrived.append(_read(terminal, batch, number, bytes(body)))
    return arrived, loose


def _seq_of(body: Raw) -> int | None:
    try:
        seq = _numbered.decode(body).seq
    except _UNREADABLE:
        return None
    return seq if 1 <= seq <= LARGEST else None


def _read(terminal: str, batch: int, seq: int, body: bytes) -> Arrived:
    digest = hashlib.sha256(body).hexdigest()

    def refused(reason: Reason, detail: str) -> Arrived:
        return Arrived(terminal, batch, seq, body, digest, None, None, reason, detail)

    try:
        envelope = _envelope.decode(body)
    except _UNREADABLE as error:
        return refused(Reason.MALFORMED, str(error))
    if envelope.source != terminal:
        return refused(Reason.MALFORMED, f"its source is {envelope.source!r}, not {terminal!r}")
    wrong = _out_of_range(envelope)
    if wrong:
        return refused(Reason.MALFORMED, wrong)
    reader = _events.get(envelope.type)
    if reader is None:
        detail = f"this ledger does not know events of type {envelope.type!r} yet"
        return Arrived(
            terminal, batch, seq, body, digest, envelope, None, Reason.UNKNOWN_TYPE, detail
        )
    try:
        event = reader.decode(envelope.data)
    except _UNREADABLE as error:
        return refused(
            Reason.MALFORMED, f"its data is not a {EVENT_TYPES[envelope.type].__name__}: {error}"
        )
    wrong = _unfit_text(event, envelope, body)
    if wrong:
        return refused(Reason.MALFORMED, wrong)
    activity = event.activity if isinstance(event, TAPS) else None
    return Arrived(
        terminal, batch, seq, body, digest, envelope, event, None, "", event.account, activity
    )


def _out_of_range(envelope: Envelope) -> str:
    # The year alone tells it of nearly all: moments of two zones take long to compare.
    if not EARLIEST.year < envelope.time.year < LATEST.year - 1 and not (
        EARLIEST <= envelope.time <= LATEST
    ):
        return f"its time {envelope.time.isoformat()} cannot be"
    if envelope.monotonicms > LARGEST:
        return "its monotonic time cannot be"
    if "\0" in envelope.type or "\0" in envelope.bootid:
        return "it holds a NUL character"
    return ""


def _unfit_text(event: Event, envelope: Envelope, body: bytes) -> str:
    """What no text of an event may hold. Most bodies show at a glance that they have nothing of
    it: JSON writes NUL as an escape, and no text is longer than what it stands in."""
    if len(envelope.data) + len(envelope.bootid) <= LONGEST_ID and NUL not in body:
        return ""
    texts = [text for text in msgspec.structs.astuple(event) if isinstance(text, str)]
    if max(map(len, [*texts, envelope.bootid])) > LONGEST_ID:
        return "an id in it is too long"
    return "it holds a NUL character" if "\0" in "".join(texts) else ""
