"""What a terminal or board says to the ledger to be let in, and to stay in.

`POST /v1/enrol` takes a `SignedEnrol` and gives an `EnrolAnswer`; it is asked again and again until
a maintainer has decided. `POST /v1/terminals/{name}/certificate` takes a `SignedRenewal` and gives
a `Certified`. Both are signed with the key that the terminal made itself, and neither depends on a
clock: what is answered is public and of no use without that key, so an old request that somebody
sends again gains them nothing.
"""

from __future__ import annotations

import base64
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta, Raw, Struct

from linli.sync.messages import Count, Moment, Name, encode, learn
from linli.sync.signing import MalformedError, SignatureError, public_from_hex, public_hex

CONTEXT = b"linli-enrol\n"
"""No other signature of a terminal can be taken for one of these."""
PublicKey = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Boot = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""No I, L, O, U or Z, so that a code is typed as it is read. As many as a prime: every single wrong
character and every swap of neighbours shows in the check digit."""
CODE_LENGTH = 8
"""The last is the check digit: 34 bits are left, of which a maintainer has a few tries."""
CODES = len(ALPHABET) ** (CODE_LENGTH - 1)
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "Z": "2", "-": "", " ": ""})


class EnrolBody(Struct, frozen=True, kw_only=True):
    """Somebody new. `kind` is `terminal` or `board`; `place` is what was typed there to tell it
    from others that are set up on the same day, "" for nothing."""

    key: PublicKey
    kind: Annotated[str, Meta(pattern="^(terminal|board)$")]
    bootid: Boot
    version: Annotated[str, Meta(max_length=32)]
    place: Annotated[str, Meta(max_length=40)] = ""


class SignedEnrol(Struct, frozen=True, kw_only=True):
    """`signature` is Ed25519 (RFC 8032), base64, over CONTEXT and the exact bytes of `body`."""

    body: Raw
    signature: str


class RenewalBody(Struct, frozen=True, kw_only=True):
    terminal: Name


class SignedRenewal(Struct, frozen=True, kw_only=True):
    """Signed like `SignedEnrol`."""

    body: Raw
    signature: str


# --- answers ---------------------------------------------------------------------------------


class Waiting(Struct, frozen=True, kw_only=True, tag_field="answer", tag="waiting"):
    """Show `code` and `url` until a maintainer has typed it; after `until` there is another."""

    code: str
    url: str
    until: Moment


class Rejected(Struct, frozen=True, kw_only=True, tag_field="answer", tag="rejected"):
    """A maintainer said no, or this key is somebody else's already; `reason` is one of REASONS."""

    reason: str


class Certified(Struct, frozen=True, kw_only=True, tag_field="answer", tag="certified"):
    """PEM texts; both empty where the ledger has no certificate authority."""

    certificate: str = ""
    authority: str = ""


class Enrolled(Struct, frozen=True, kw_only=True, tag_field="answer", tag="enrolled"):
    """All that a settings file says of where this terminal or board stands. `websockets` is the
    broker's port for those, 0 where it has none; `public_url` and `record_key` may be ""."""

    name: Name
    scope: Name
    place: str
    centre: Name
    centre_name: str
    broker_host: str
    broker_port: int
    websockets: int = 0
    public_url: str = ""
    record_key: str = ""
    certified: Certified = Certified()


class Brought(Struct, frozen=True, kw_only=True):
    """What became of a batch that was brought (`POST /v1/terminals/{name}/batches`): whether the
    ledger keeps it, how many of its events it had not, and up to which it has all. A batch that is
    not `taken` contradicts others and was set aside whole."""

    taken: bool
    watermark: Count
    fresh: Count = 0


EnrolAnswer = Waiting | Rejected | Enrolled
REASONS = ("refused", "known-key")


def seal_enrol(body: EnrolBody, key: Ed25519PrivateKey) -> bytes:
    """Somebody new, as it is sent."""
    return _sealed(encode(body), key)


def open_enrol(payload: bytes) -> EnrolBody:
    """Checked with the key that it brings. Raises MalformedError or SignatureError."""
    try:
        signed = _signed.decode(payload)
        body = _enrol.decode(signed.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not a request to be enrolled: {error}") from error
    _check(signed, body.key)
    return body


def seal_renewal(terminal: str, key: Ed25519PrivateKey) -> bytes:
    """Asks for a certificate."""
    return _sealed(encode(RenewalBody(terminal=terminal)), key)


def open_renewal(payload: bytes, public_key: str) -> RenewalBody:
    """Raises MalformedError or SignatureError."""
    try:
        signed = _signed.decode(payload)
        body = _renewal.decode(signed.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not a request for a certificate: {error}") from error
    _check(signed, public_key)
    return body


def read_enrol_answer(payload: bytes) -> EnrolAnswer:
    """Raises MalformedError."""
    try:
        return _answer.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not an answer: {error}") from error


def read_certified(payload: bytes) -> Certified:
    """Raises MalformedError."""
    try:
        return _certified.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not a certificate: {error}") from error


def read_brought(payload: bytes) -> Brought:
    """Raises MalformedError."""
    try:
        return _brought.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not an answer: {error}") from error


# --- claim codes -----------------------------------------------------------------------------


def code_of(number: int) -> str:
    """A random number below CODES as a claim code."""
    digits = []
    for _ in range(CODE_LENGTH - 1):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(digit)
    return "".join(ALPHABET[digit] for digit in (*digits, _check_digit(digits)))


def read_code(typed: str) -> str | None:
    """The code that was typed, in whatever case and grouping; None where it cannot be one."""
    text = typed.upper().translate(_READ_AS)
    if len(text) != CODE_LENGTH or not set(text) <= set(ALPHABET):
        return None
    digits = [ALPHABET.index(character) for character in text]
    return text if _check_digit(digits[:-1]) == digits[-1] else None


def grouped(code: str) -> str:
    """`K7PM-3XQ4`, as it is shown."""
    return f"{code[:4]}-{code[4:]}"


def _check_digit(digits: list[int]) -> int:
    return sum((place + 1) * digit for place, digit in enumerate(digits)) % len(ALPHABET)


def _sealed(body: bytes, key: Ed25519PrivateKey) -> bytes:
    signature = base64.b64encode(key.sign(CONTEXT + body)).decode()
    return encode(SignedEnrol(body=Raw(body), signature=signature))


def _check(signed: SignedEnrol, public_key: str) -> None:
    try:
        signature = base64.b64decode(signed.signature, validate=True)
        public_from_hex(public_key).verify(signature, CONTEXT + bytes(signed.body))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError("the request was not signed with the key that it names") from error


def enrol_body(
    key: Ed25519PrivateKey, kind: str, boot_id: str, version: str, place: str = ""
) -> EnrolBody:
    return EnrolBody(key=public_hex(key), kind=kind, bootid=boot_id, version=version, place=place)


ENROL_TYPES: tuple[type[Struct], ...] = (SignedEnrol, EnrolBody, SignedRenewal, RenewalBody)
learn(*ENROL_TYPES)
_signed = msgspec.json.Decoder(SignedEnrol)
_enrol = msgspec.json.Decoder(EnrolBody)
_renewal = msgspec.json.Decoder(RenewalBody)
_certified = msgspec.json.Decoder(Certified)
_brought = msgspec.json.Decoder(Brought)
_answer: msgspec.json.Decoder[EnrolAnswer] = msgspec.json.Decoder(EnrolAnswer)
