"""Codes are read as they are meant, or not at all."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.shop.codes import ALPHABET, BITS, LENGTH, new_code, read_code, shown
from linli.ledger.shop.refusals import Refusal, ShopError

codes = st.integers(0, 2**BITS - 1).map(lambda number: new_code(lambda _: number))


def is_mistyped(typed: str) -> bool:
    try:
        read_code(typed)
    except ShopError as error:
        return error.refusal is Refusal.MISTYPED
    return False


@given(codes)
def test_a_code_is_read_as_itself(code: str) -> None:
    assert read_code(code) == code == read_code(shown(code))


@given(codes)
def test_every_single_wrong_character_is_noticed(code: str) -> None:
    for place in range(LENGTH):
        for other in ALPHABET:
            if other != code[place]:
                assert is_mistyped(code[:place] + other + code[place + 1 :])


@given(codes)
def test_every_swap_of_neighbours_is_noticed(code: str) -> None:
    for place in range(LENGTH - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or is_mistyped(swapped)


@given(codes)
def test_a_missing_or_doubled_character_is_noticed(code: str) -> None:
    for place in range(LENGTH):
        assert is_mistyped(code[:place] + code[place + 1 :])
        assert is_mistyped(code[:place] + code[place] + code[place:])


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_or_mistyped(typed: str) -> None:
    assert is_mistyped(typed) or len(read_code(typed)) == LENGTH


def test_a_code_may_be_typed_on_any_keyboard() -> None:
    code = new_code(lambda bits: 0b00001_00000 << (bits - 10))
    assert "1" in code
    assert "0" in code
    for typed in (
        code.lower(),
        f"  {shown(code)}\n",
        shown(code).replace("-", "–"),
        code.replace("0", "o").replace("1", "l"),
        code.replace("0", "O").replace("1", "I"),
        "".join(chr(ord(c) + 0xFEE0) for c in code),
    ):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "U" * LENGTH, "０" * 11, "🎫" * LENGTH, "-" * 12])
def test_what_is_no_code_is_called_mistyped(typed: str) -> None:
    assert is_mistyped(typed)


def test_codes_carry_at_least_fifty_random_bits_and_differ() -> None:
    assert BITS >= 50
    assert len({new_code(secrets.randbits) for _ in range(1000)}) == 1000


def test_each_random_bit_shows_in_the_code() -> None:
    assert len({new_code(lambda _, bit=bit: 1 << bit) for bit in range(BITS)}) == BITS
