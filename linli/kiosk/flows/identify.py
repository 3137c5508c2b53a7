"""Who is this card, and how sure are we?

| what was read                                        | answer                        |
|------------------------------------------------------|-------------------------------|
| card not in the replica, or a phone's random UID      | unknown, nothing recorded     |
| on the hot list, blocked or replaced                  | refused, recorded             |
| NTAG 424 DNA, message verified, counter has grown     | known, high trust             |
| NTAG 424 DNA, message verified, counter has not grown | refused as replayed, recorded |
| NTAG 424 DNA, message does not verify                 | refused as forged, recorded   |
| NTAG 424 DNA's UID on another kind of chip            | refused as cloned, recorded   |
| NTAG 424 DNA's UID on a chip without any message      | refused as cloned, recorded   |
| NTAG 424 DNA torn away before the message was read    | please tap again              |
| UID-only card                                         | known, low trust              |
| any card at a reader that only types UIDs             | known, low trust              |
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from linli.cards.sun import (
    ForgedError,
    NotSunError,
    SunIdentity,
    SunMessage,
    read_message,
    verify,
)
from linli.devices.readers.base import CardSeen, Chip
from linli.kiosk.flows.views import Trouble
from linli.sync.messages import CardRow, Trust

DYNAMIC_CHIP = "ntag424"


@dataclass(frozen=True)
class Known:
    """The card is who it says. `counter` is the chip's read counter where it has one."""

    card: CardRow
    trust: Trust
    reader: str
    counter: int | None = None


@dataclass(frozen=True)
class Unaccepted:
    """The card is not taken. `record` names the reason for the event, or is None where the
    tap leaves no event; `card` is the row it claims to be."""

    trouble: Trouble
    card: CardRow | None = None
    record: str | None = None
    counter: int | None = None


def identify(
    seen: CardSeen, card: CardRow | None, *, hot: bool, last_counter: int | None
) -> Known | Unaccepted:
    """Decide from what the reader saw, the replica's row for that UID, whether the card is on
    the hot list, and the last counter this terminal accepted from it."""
    if card is None or seen.random_uid:
        return Unaccepted(Trouble.UNKNOWN_CARD)
    if hot or card.status != "active":
        return Unaccepted(Trouble.BLOCKED_CARD, card, "blocked")
    if card.chip != DYNAMIC_CHIP or card.key is None or seen.chip is Chip.UNKNOWN:
        return Known(card, Trust.LOW, seen.reader)
    return _dynamic(seen, card, last_counter)


def _dynamic(seen: CardSeen, card: CardRow, last_counter: int | None) -> Known | Unaccepted:
    if seen.torn:
        return Unaccepted(Trouble.READ_AGAIN, card)
    if seen.chip is not Chip.ISO_DEP or seen.ndef is None:
        return Unaccepted(Trouble.FORGED_CARD, card, "cloned")
    try:
        identity = _verified(read_message(seen.ndef), card)
    except (NotSunError, ForgedError):
        return Unaccepted(Trouble.FORGED_CARD, card, "forged")
    if identity.uid != seen.uid:
        return Unaccepted(Trouble.FORGED_CARD, card, "forged", identity.counter)
    if last_counter is not None and identity.counter <= last_counter:
        return Unaccepted(Trouble.REPLAYED_CARD, card, "replayed", identity.counter)
    return Known(card, Trust.HIGH, seen.reader, identity.counter)


def _verified(message: SunMessage, card: CardRow) -> SunIdentity:
    """While a centre's keys are renewed, a card has the old one or the next. Raises ForgedError."""
    *others, last = [bytes.fromhex(key) for key in (card.key, card.next_key) if key is not None]
    for key in others:
        with suppress(ForgedError):
            return verify(message, key)
    return verify(message, last)
