"""What a newcomer says, and codes that people read from one screen and type on another."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.enrolment import (
    ALPHABET,
    CODES,
    code_of,
    enrol_body,
    grouped,
    open_enrol,
    open_renewal,
    read_code,
    seal_enrol,
    seal_renewal,
)
from linli.sync.signing import MalformedError, SignatureError, public_hex

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
codes = st.integers(0, CODES - 1).map(code_of)


@given(codes)
def test_a_code_is_read_back_however_it_was_written(code: str) -> None:
    loose = code.lower().replace("0", "o").replace("1", "l").replace("2", "z")
    for typed in (code, grouped(code), f" {code[:4]} {code[4:]} ", loose):
        assert read_code(typed) == code


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_no_code(code: str, place: int, instead: str) -> None:
    typed = code[:place] + instead + code[place + 1 :]
    assert read_code(typed) == (code if typed == code else None)


@given(codes, st.integers(0, 6))
def test_two_neighbours_in_the_wrong_order_are_no_code(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_code(typed) == (code if typed == code else None)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    assert read_code(typed) is None or len(str(read_code(typed))) == 8


def test_a_newcomer_vouches_for_the_key_it_brings() -> None:
    body = enrol_body(KEY, "terminal", "boot-1", "1.0", "南门")
    assert open_enrol(seal_enrol(body, KEY)) == body
    assert body.key == public_hex(KEY)
    with pytest.raises(SignatureError):
        open_enrol(seal_enrol(body, OTHER))


def test_a_renewal_is_taken_with_the_registered_key_alone() -> None:
    assert open_renewal(seal_renewal("t1", KEY), public_hex(KEY)).terminal == "t1"
    with pytest.raises(SignatureError):
        open_renewal(seal_renewal("t1", OTHER), public_hex(KEY))


@given(st.binary(max_size=200))
def test_rubbish_is_malformed(payload: bytes) -> None:
    for read in (open_enrol, lambda given: open_renewal(given, public_hex(KEY))):
        with pytest.raises(MalformedError):
            read(payload)
