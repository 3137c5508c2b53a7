"""Card keys from a master key: NXP AN10922, section 2.2.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cards.keys import diversified_key
from linli.cards.sun import aes_cmac

MASTER = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
UID = bytes.fromhex("04782E21801D80")
APPLICATION, SYSTEM = bytes.fromhex("3042F5"), b"NXP Abu"


def test_the_example_of_an10922_comes_out() -> None:
    key = diversified_key(MASTER, UID + APPLICATION + SYSTEM)
    assert key == bytes.fromhex("A8DD63A3B89D54B37CA802473FDA9175")


@given(st.binary(min_size=16, max_size=31))
def test_from_16_bytes_on_it_is_the_cmac_of_rfc_4493(diversification: bytes) -> None:
    expected = aes_cmac(MASTER, b"\x01" + diversification)
    assert diversified_key(MASTER, diversification) == expected


@given(st.binary(min_size=1, max_size=15))
def test_shorter_inputs_are_padded_to_two_blocks(diversification: bytes) -> None:
    plain = aes_cmac(MASTER, b"\x01" + diversification)
    assert diversified_key(MASTER, diversification) != plain


def test_two_cards_never_share_a_key() -> None:
    keys = {diversified_key(MASTER, bytes([4, 0, 0, 0, 0, 0, n])) for n in range(256)}
    assert len(keys) == 256


@pytest.mark.parametrize("size", [0, 32])
def test_an_input_of_impossible_length_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="1 to 31"):
        diversified_key(MASTER, bytes(size))


def test_a_master_key_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        diversified_key(MASTER + b"\0", UID)
