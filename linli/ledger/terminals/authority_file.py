"""The certificate authority as a file: its certificate, and its key under a passphrase.

Whoever has the file and the passphrase can make a certificate for any name, so the two are kept
apart: the file with the ledger, the passphrase where the system keeps secrets (a systemd
credential, a safe). A copy of the database or a backup of the disk alone lets nobody in.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from linli.ledger.terminals.authority import Authority, found
from linli.sync.whole_file import write_whole

SHORTEST_PASSPHRASE = 12
NAME = "Linli terminals"


class AuthorityError(ValueError):
    """The certificate authority cannot be used; the text says why and what to do."""


def read_passphrase(path: Path) -> bytes:
    """The first line of a file. Raises AuthorityError, OSError."""
    first = path.read_bytes().split(b"\n", 1)[0].strip()
    if len(first) < SHORTEST_PASSPHRASE:
        raise AuthorityError(
            f"{path} holds no passphrase of {SHORTEST_PASSPHRASE} characters or more: write one,"
            " such as `openssl rand -base64 32` prints"
        )
    return first


def load_or_found(path: Path, passphrase: bytes, now: dt.datetime) -> Authority:
    """The authority kept at `path`, founded there the first time. Raises AuthorityError,
    OSError."""
    if not path.exists():
        _write(path, found(NAME, now), passphrase)
    text = path.read_bytes()
    try:
        key = load_pem_private_key(text, passphrase)
        certificate = x509.load_pem_x509_certificate(text)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuthorityError(f"{path} does not open with this passphrase: {error}") from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise AuthorityError(f"{path} holds another kind of key: move it away and start again")
    if certificate.public_key() != key.public_key():
        raise AuthorityError(f"{path}: certificate and key do not belong together")
    return Authority(certificate, key)


def _write(path: Path, made: Authority, passphrase: bytes) -> None:
    secret = made.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
    )
    write_whole(path, secret + made.pem, 0o600)
