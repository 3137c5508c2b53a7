"""What a terminal asks the ledger while somebody stands before it, and is answered at once.

`POST /v1/terminals/{terminal}/ask` takes a `SignedAsk` and gives an `Answer`, both JSON. What one
changes is known by its `request`: the same again is answered as before, so that a lost answer
costs nothing. Without the network nothing is asked; what must not wait is an event instead.
"""

from __future__ import annotations

import base64
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta, Raw, Struct

from linli.sync.card_asks import (
    CARD_REASONS,
    AskCard,
    AskCardOrders,
    CardCommands,
    CardMade,
    CardOrders,
)
from linli.sync.messages import Count, Moment, Name, Number, Trust, encode, learn
from linli.sync.signing import MalformedError, SignatureError

CONTEXT = b"linli-ask\n"
"""No other signature of a terminal can be taken for an ask's."""
Request = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Pin = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
VoucherCode = Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{12,14}$")]
Phone = Annotated[str, Meta(pattern=r"^[0-9]{5,15}$")]


class Tapped(Struct, frozen=True, kw_only=True):
    """Who stands there: the card as it was read."""

    account: str
    card: str
    trust: Trust
    counter: Count | None = None


# --- asks ------------------------------------------------------------------------------------


class AskRedeem(Struct, frozen=True, kw_only=True, tag_field="ask", tag="redeem"):
    """One thing for points: `ware` of this terminal's centre, or one voucher of `offer`. `door` is
    the locker's door it comes out of, None where it is given out over the counter."""

    who: Tapped
    request: Request
    ware: str = ""
    offer: str = ""
    pin: Pin | None = None
    door: Number | None = None


class AskProof(Struct, frozen=True, kw_only=True, tag_field="ask", tag="proof"):
    """That the public record holds a deed of the person there."""

    who: Tapped
    deed: str


class AskSetPin(Struct, frozen=True, kw_only=True, tag_field="ask", tag="set-pin"):
    """The holder of a verified card chooses a PIN; `old` where there is one."""

    who: Tapped
    pin: Pin
    old: Pin | None = None


class AskLoss(Struct, frozen=True, kw_only=True, tag_field="ask", tag="loss"):
    """Somebody whose card is gone: all their cards are stopped. They are known by the phone number
    they gave at the desk."""

    phone: Phone
    pin: Pin


class AskVoucher(Struct, frozen=True, kw_only=True, tag_field="ask", tag="voucher"):
    """Whether a voucher that somebody holds before the scanner is still good. Nobody says who they
    are: whoever holds the code may use it."""

    code: VoucherCode


Ask = AskRedeem | AskProof | AskSetPin | AskLoss | AskVoucher | AskCardOrders | AskCard


class AskBody(Struct, frozen=True, kw_only=True):
    """`at` is the terminal's clock: the ledger takes no ask that is more than five minutes off."""

    terminal: Name
    at: Moment
    ask: Ask


class SignedAsk(Struct, frozen=True, kw_only=True):
    """`signature` is Ed25519 (RFC 8032), base64, over CONTEXT and the exact bytes of `body`."""

    body: Raw
    signature: str


# --- answers ---------------------------------------------------------------------------------


class Redeemed(Struct, frozen=True, kw_only=True, tag_field="answer", tag="redeemed"):
    """Paid. `order` is what `Delivered` names; a voucher has its `code`, until when it is good and
    whose it is. `left` is what can still be redeemed."""

    order: str
    title: str
    points: Number
    left: Count
    code: str = ""
    merchant: str = ""
    until: Moment | None = None


class Proven(Struct, frozen=True, kw_only=True, tag_field="answer", tag="proven"):
    """`file` is a C2SP tlog-proof with the leaf as its extra data, `opening` the JSON that opens
    the leaf's commitment."""

    file: str
    opening: str


class PinSet(Struct, frozen=True, kw_only=True, tag_field="answer", tag="pin-set"):
    """It is their PIN from now on."""


class LossTaken(Struct, frozen=True, kw_only=True, tag_field="answer", tag="loss-taken"):
    """So many cards are stopped now, or were already."""

    name: str
    cards: Number


class VoucherSeen(Struct, frozen=True, kw_only=True, tag_field="answer", tag="voucher-seen"):
    """Nothing was changed. `state` is `issued` (good), `used`, `refunded` or `expired`; `until` is
    when it ends."""

    state: str
    title: str
    merchant: str
    until: Moment


class Declined(Struct, frozen=True, kw_only=True, tag_field="answer", tag="declined"):
    """Nothing was changed. `reason` is one of REASONS; `tries` are left before a PIN is locked."""

    reason: str
    tries: Count | None = None


Answer = (
    Redeemed
    | Proven
    | PinSet
    | LossTaken
    | VoucherSeen
    | CardOrders
    | CardCommands
    | CardMade
    | Declined
)

REASONS = (
    "too-few",
    "sold-out",
    "closed",
    "withdrawn",
    "quota",
    "held",
    "account",
    "pin-needed",
    "pin-wrong",
    "pin-locked",
    "pin-easy",
    "no-pin",
    "card",
    "not-there",
    "other-content",
    *CARD_REASONS,
)
"""Too few points · none left · outside the redemption window · offered no more · as many as one may
have · the points are held by a terminal · the account was closed · a PIN is asked for · wrong ·
locked for now · too easy to guess · none was chosen · this card is not accepted · there is no such
thing, or it is not theirs · another ask had this request; and those of card_asks.py."""


def seal_ask(terminal: str, at: Moment, ask: Ask, key: Ed25519PrivateKey) -> bytes:
    """The ask as it is sent."""
    body = encode(AskBody(terminal=terminal, at=at, ask=ask))
    signature = base64.b64encode(key.sign(CONTEXT + body)).decode()
    return encode(SignedAsk(body=Raw(body), signature=signature))


def asker_of(payload: bytes) -> str:
    """The terminal that an ask claims to come from, before anything is checked. Raises
    MalformedError."""
    return _parse(payload)[1].terminal


def open_ask(payload: bytes, key: Ed25519PublicKey) -> AskBody:
    """Check an ask's signature; its age is for the ledger. Raises MalformedError or
    SignatureError."""
    signed, body = _parse(payload)
    try:
        signature = base64.b64decode(signed.signature, validate=True)
        key.verify(signature, CONTEXT + bytes(signed.body))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError(f"the ask was not signed by {body.terminal}") from error
    return body


def read_answer(payload: bytes) -> Answer:
    """Raises MalformedError."""
    try:
        return _answer.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not an answer: {error}") from error


def _parse(payload: bytes) -> tuple[SignedAsk, AskBody]:
    try:
        signed = _signed.decode(payload)
        return signed, _body.decode(signed.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not a signed ask: {error}") from error


ASK_TYPES: tuple[type[Struct], ...] = (SignedAsk, AskBody)
learn(*ASK_TYPES)
_signed = msgspec.json.Decoder(SignedAsk)
_body = msgspec.json.Decoder(AskBody)
_answer: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
