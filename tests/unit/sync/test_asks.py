"""What a terminal asks comes from it alone, and says what it said."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.asks import (
    CONTEXT,
    REASONS,
    Ask,
    AskLoss,
    AskProof,
    AskRedeem,
    AskVoucher,
    Declined,
    Tapped,
    asker_of,
    open_ask,
    read_answer,
    seal_ask,
)
from linli.sync.messages import Trust, encode
from linli.sync.periods import SHANGHAI
from linli.sync.signing import MalformedError, SignatureError

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
AT = dt.datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)
WHO = Tapped(account="a000001", card="c000001", trust=Trust.HIGH, counter=7)
ASKS = (
    AskRedeem(who=WHO, request="r-1", ware="soap", pin="012345", door=2),
    AskProof(who=WHO, deed="act-1.a000001"),
    AskLoss(phone="13800000000", pin="012345"),
    AskVoucher(code="7KQ4-M2XA-90TB"),
)


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: type(ask).__name__)
def test_an_ask_is_read_as_it_was_sealed(ask: Ask) -> None:
    payload = seal_ask("t-1", AT, ask, KEY)
    assert asker_of(payload) == "t-1"
    body = open_ask(payload, KEY.public_key())
    assert (body.at, body.ask) == (AT, ask)


def test_an_ask_of_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    with pytest.raises(SignatureError, match="t-1"):
        open_ask(seal_ask("t-1", AT, ASKS[0], other), KEY.public_key())


def test_a_changed_ask_is_refused() -> None:
    payload = seal_ask("t-1", AT, ASKS[0], KEY).replace(b"soap", b"rice")
    with pytest.raises(SignatureError):
        open_ask(payload, KEY.public_key())


def test_a_signature_over_the_bytes_alone_is_no_ask() -> None:
    import base64

    body = encode(json.loads(seal_ask("t-1", AT, ASKS[0], KEY))["body"])
    bare = base64.b64encode(KEY.sign(body)).decode()
    assert CONTEXT
    with pytest.raises(SignatureError):
        open_ask(encode({"body": json.loads(body), "signature": bare}), KEY.public_key())


@given(st.binary(max_size=200))
def test_garbage_is_malformed(payload: bytes) -> None:
    with pytest.raises(MalformedError):
        asker_of(payload)
    with pytest.raises(MalformedError):
        read_answer(payload)


def test_a_pin_of_other_than_six_digits_is_no_ask() -> None:
    payload = seal_ask("t-1", AT, ASKS[0], KEY).replace(b"012345", "０１２３４５".encode())
    with pytest.raises(MalformedError):
        asker_of(payload)


@pytest.mark.parametrize("reason", REASONS)
def test_a_refusal_tells_its_reason(reason: str) -> None:
    assert read_answer(encode(Declined(reason=reason, tries=2))) == Declined(reason=reason, tries=2)
