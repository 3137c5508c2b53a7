"""Ed25519 signatures (RFC 8032) on batches and on a terminal's HTTP requests.

A batch's signature covers the exact bytes that were sent: nothing has to be written again in a
canonical form to check it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Raw

from linli.sync.messages import Batch, SignedBatch, encode
from linli.sync.whole_file import write_whole

GENESIS = "0" * 64
"""`previous` of a terminal's first batch."""
REQUEST_WINDOW = dt.timedelta(minutes=5)
"""How far the clocks of a terminal and the ledger may be apart for a signed request."""


class MalformedError(ValueError):
    """The bytes are not the message they should be; the text says where they differ."""


class SignatureError(ValueError):
    """The message is well formed, but was not signed with the sender's key."""


@dataclass(frozen=True)
class Opened:
    """A batch whose signature was checked, and the SHA-256 (hex) that its successor carries."""

    batch: Batch
    digest: str


def seal(batch: Batch, key: Ed25519PrivateKey) -> tuple[bytes, str]:
    """The batch as wire bytes, and its digest for the chain."""
    body = encode(batch)
    signature = base64.b64encode(key.sign(body)).decode()
    return encode(SignedBatch(batch=Raw(body), signature=signature)), digest_of(body)


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def sender_of(payload: bytes) -> str:
    """The terminal that a sealed batch claims to come from, before anything is checked.

    Raises MalformedError."""
    return _parse(payload)[1].terminal


def open_sealed(payload: bytes, key: Ed25519PublicKey) -> Opened:
    """Check a sealed batch. Raises MalformedError or SignatureError."""
    signed, batch = _parse(payload)
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), bytes(signed.batch))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError(
            f"batch {batch.number} of {batch.terminal} has a wrong signature"
        ) from error
    return Opened(batch, digest_of(bytes(signed.batch)))


def _parse(payload: bytes) -> tuple[SignedBatch, Batch]:
    try:
        signed = msgspec.json.decode(payload, type=SignedBatch)
        return signed, msgspec.json.decode(signed.batch, type=Batch)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"not a signed batch: {error}") from error


def sign_request(key: Ed25519PrivateKey, terminal: str, path: str, now: dt.datetime) -> str:
    """The Authorization header of a GET for `path`."""
    at = now.astimezone(dt.UTC).isoformat(timespec="seconds")
    signature = base64.b64encode(key.sign(_request_text(terminal, path, at))).decode()
    return f"Linli terminal={terminal},at={at},signature={signature}"


def claimed_terminal(header: str) -> str:
    """Who a request says it is from. Raises MalformedError."""
    return _fields(header)["terminal"]


def check_request(header: str, path: str, key: Ed25519PublicKey, now: dt.datetime) -> None:
    """Accept a signed GET, or raise MalformedError or SignatureError."""
    fields = _fields(header)
    try:
        at = dt.datetime.fromisoformat(fields["at"])
        signature = base64.b64decode(fields["signature"], validate=True)
        late = abs(now - at) > REQUEST_WINDOW
    except (ValueError, TypeError) as error:
        raise MalformedError(f"the Authorization header cannot be read: {error}") from error
    if late:
        raise SignatureError("the request's time is more than five minutes off: check both clocks")
    try:
        key.verify(signature, _request_text(fields["terminal"], path, fields["at"]))
    except InvalidSignature as error:
        raise SignatureError(f"the request was not signed by {fields['terminal']}") from error


def _request_text(terminal: str, path: str, at: str) -> bytes:
    return f"linli-request\n{terminal}\nGET {path}\n{at}".encode()


def _fields(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    fields = dict(part.partition("=")[::2] for part in rest.split(","))
    if scheme != "Linli" or not {"terminal", "at", "signature"} <= fields.keys():
        raise MalformedError(
            "the Authorization header is not of the form 'Linli terminal=…,at=…,signature=…'"
        )
    return fields


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The private key kept at `path` (PEM, mode 0600), made there the first time.

    It is whole on the disk before anybody is told: the ledger will know this terminal by it.
    Raises MalformedError for a file that holds no such key."""
    if path.exists():
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise MalformedError(
                f"{path} holds no key (PEM, without a passphrase): give another file"
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise MalformedError(f"{path} holds another kind of key: move it away and start again")
        return key
    made = Ed25519PrivateKey.generate()
    text = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.stat()  # no directory is made for a key: one that is not there was named wrongly
    write_whole(path, text, 0o600)
    return made


def public_hex(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The raw public key, 32 bytes as hex: how the ledger's terminal table keeps it."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw().hex()


def public_from_hex(text: str) -> Ed25519PublicKey:
    """Raises ValueError for anything but 64 hex digits."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
