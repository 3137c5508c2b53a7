"""Signatures on batches and requests: sync/signing.py."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from linli.sync.messages import Batch, SignedBatch
from linli.sync.signing import (
    GENESIS,
    MalformedError,
    SignatureError,
    check_request,
    claimed_terminal,
    load_or_make_key,
    open_sealed,
    seal,
    sign_request,
)

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
BATCH = Batch(terminal="t-1", number=1, previous=GENESIS, events=[Raw(b'{"future": 1}')])
NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)


def test_a_sealed_batch_opens_with_the_senders_key() -> None:
    payload, digest = seal(BATCH, KEY)
    opened = open_sealed(payload, KEY.public_key())
    assert (opened.batch.number, opened.digest) == (1, digest)


def test_fields_of_a_later_version_are_kept_in_the_bytes() -> None:
    payload, _ = seal(BATCH, KEY)
    assert bytes(open_sealed(payload, KEY.public_key()).batch.events[0]) == b'{"future": 1}'


def test_another_key_does_not_open_it() -> None:
    payload, _ = seal(BATCH, OTHER)
    with pytest.raises(SignatureError):
        open_sealed(payload, KEY.public_key())


@given(st.data())
def test_a_changed_byte_is_never_accepted(data: st.DataObject) -> None:
    payload, digest = seal(BATCH, KEY)
    index = data.draw(st.integers(0, len(payload) - 1))
    changed = bytearray(payload)
    changed[index] ^= data.draw(st.integers(1, 255))
    try:
        opened = open_sealed(bytes(changed), KEY.public_key())
    except (MalformedError, SignatureError):
        return
    assert opened.digest == digest


@given(st.binary(max_size=200))
def test_rubbish_is_malformed_and_nothing_worse(rubbish: bytes) -> None:
    with pytest.raises((MalformedError, SignatureError)):
        open_sealed(rubbish, KEY.public_key())


def test_deep_nesting_is_malformed() -> None:
    with pytest.raises(MalformedError):
        open_sealed(b'{"batch":' + b"[" * 100_000, KEY.public_key())


def test_a_signed_request_is_accepted_within_five_minutes() -> None:
    header = sign_request(KEY, "t-1", "/v1/x", NOW)
    assert claimed_terminal(header) == "t-1"
    check_request(header, "/v1/x", KEY.public_key(), NOW + dt.timedelta(minutes=4))


@pytest.mark.parametrize(
    ("path", "key", "minutes"),
    [("/v1/other", KEY, 0), ("/v1/x", OTHER, 0), ("/v1/x", KEY, 6), ("/v1/x", KEY, -6)],
)
def test_another_path_key_or_time_is_refused(
    path: str, key: Ed25519PrivateKey, minutes: int
) -> None:
    header = sign_request(KEY, "t-1", "/v1/x", NOW)
    with pytest.raises(SignatureError):
        check_request(header, path, key.public_key(), NOW + dt.timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "header", ["", "Bearer x", "Linli a=1", "Linli terminal=t,at=2026,signature=%%"]
)
def test_a_header_of_another_form_is_malformed(header: str) -> None:
    with pytest.raises(MalformedError):
        check_request(header, "/v1/x", KEY.public_key(), NOW)


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "terminal.key"
    first = load_or_make_key(path)
    assert load_or_make_key(path).private_bytes_raw() == first.private_bytes_raw()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("signature", ["é", "not base64!", "", "AAAA", "\\u0000"])
def test_a_signature_that_cannot_be_one_is_a_wrong_signature(signature: str) -> None:
    payload, _ = seal(BATCH, KEY)
    body = msgspec.json.decode(payload, type=SignedBatch).batch
    forged = b'{"batch":' + bytes(body) + b',"signature":"' + signature.encode() + b'"}'
    with pytest.raises(SignatureError):
        open_sealed(forged, KEY.public_key())
