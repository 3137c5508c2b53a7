"""The ticket that links a phone: a terminal's signed word that somebody tapped their card there.

It is packed small, so that a cheap phone reads it as a QR code from a screen:

| bytes | what                                                                  |
|-------|-----------------------------------------------------------------------|
| 1     | version, 1                                                            |
| 1     | bit 0: the card was verified; bit 1: the clock was known to be right |
| 4     | the terminal's clock, seconds since 1970, most significant byte first |
| 9     | random, so that no two tickets are alike                              |
| 1 + n | its length and the terminal's name; then the account's, the card's   |
| 64    | Ed25519 signature (RFC 8032) over CONTEXT and all of the above        |

The text is that in base64url without padding (RFC 4648, section 5).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from linli.sync.messages import Trust
from linli.sync.periods import SHANGHAI
from linli.sync.signing import MalformedError, SignatureError

CONTEXT = b"linli-phone-link\n"
"""No other signature of a terminal can be taken for a ticket's."""
PATH = "/me/link"
NONCE_SIZE = 9
LONGEST = 48
"""Of a terminal's name, an account's and a card's number."""
MOST_TEXT = 400
_HEAD = struct.Struct(f">BBI{NONCE_SIZE}s")
_VERSION, _HIGH, _GOOD, _SIGNATURE = 1, 1, 2, 64
_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST - 1}}}")
_TEXT = re.compile(rf"[A-Za-z0-9_-]{{1,{MOST_TEXT}}}")


@dataclass(frozen=True, slots=True)
class LinkTicket:
    """`made_at` is the terminal's clock in whole seconds, `clock_good` whether it was known to be
    right; `trust` how sure the tap was of its card."""

    terminal: str
    account: str
    card: str
    trust: Trust
    made_at: dt.datetime
    clock_good: bool
    nonce: bytes

    @property
    def digest(self) -> str:
        """What a used ticket is known by."""
        return hashlib.sha256(_body(self)).hexdigest()[:32]


def seal_ticket(ticket: LinkTicket, key: Ed25519PrivateKey) -> str:
    """The ticket as text for an address. Raises ValueError for what no ticket says."""
    body = _body(ticket)
    return _text(body + key.sign(CONTEXT + body))


def ticket_sender(text: str) -> str:
    """The terminal that a ticket claims to come from, before anything is checked. Raises
    MalformedError."""
    return _read(text)[0].terminal


def open_ticket(text: str, key: Ed25519PublicKey) -> LinkTicket:
    """Check a ticket's signature; how old it is, and whether it was used, is for the ledger.
    Raises MalformedError or SignatureError."""
    ticket, signature = _read(text)
    try:
        key.verify(signature, CONTEXT + _body(ticket))
    except InvalidSignature as error:
        raise SignatureError(f"the ticket was not signed by {ticket.terminal}") from error
    return ticket


def link_address(public_url: str, text: str) -> str:
    """What the QR code says: the ledger's page with the ticket."""
    return f"{public_url.rstrip('/')}{PATH}?t={text}"


def _body(ticket: LinkTicket) -> bytes:
    flags = (_HIGH if ticket.trust is Trust.HIGH else 0) | (_GOOD if ticket.clock_good else 0)
    seconds = int(ticket.made_at.timestamp())
    if len(ticket.nonce) != NONCE_SIZE:
        raise ValueError(f"a ticket needs {NONCE_SIZE} random bytes")
    names = (ticket.terminal, ticket.account, ticket.card)
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no terminal, account or card")
    packed = b"".join(bytes([len(name)]) + name.encode() for name in names)
    return _HEAD.pack(_VERSION, flags, seconds, ticket.nonce) + packed


def _read(text: str) -> tuple[LinkTicket, bytes]:
    """What the text says, and its signature. There is one text for a ticket: any other spelling
    of the same bytes is malformed."""
    if not _TEXT.fullmatch(text):
        raise MalformedError("the ticket is not base64url")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        ticket = _unpacked(body)
        same = _body(ticket) == body and _text(raw) == text
    except (ValueError, IndexError, struct.error, OverflowError, OSError) as error:
        raise MalformedError(f"the ticket cannot be read: {error}") from error
    if not same:
        raise MalformedError("the ticket is not written as tickets are")
    return ticket, signature


def _unpacked(body: bytes) -> LinkTicket:
    version, flags, seconds, nonce = _HEAD.unpack_from(body)
    if version != _VERSION:
        raise ValueError(f"its version {version} is not {_VERSION}")
    terminal, place = _name(body, _HEAD.size)
    account, place = _name(body, place)
    card, _ = _name(body, place)
    return LinkTicket(
        terminal=terminal,
        account=account,
        card=card,
        trust=Trust.HIGH if flags & _HIGH else Trust.LOW,
        made_at=dt.datetime.fromtimestamp(seconds, SHANGHAI),
        clock_good=bool(flags & _GOOD),
        nonce=nonce,
    )


def _name(body: bytes, place: int) -> tuple[str, int]:
    """The name that begins at `place`, and where the next one does."""
    end = place + 1 + body[place]
    return body[place + 1 : end].decode("ascii"), end


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
