"""One card, and how many ways there are to type its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.readers.base import Part
from linli.devices.readers.card_numbers import (
    Digits,
    NumberFormat,
    UnreadableNumberError,
    uid_of,
)

CLASSIC, LONG = bytes.fromhex("11223344"), bytes.fromhex("04A1B2C3D4E5F6")


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("11223344", NumberFormat()),
        ("44332211", NumberFormat(reversed_bytes=True)),
        ("0287454020", NumberFormat(Digits.DECIMAL)),
        ("1144201745", NumberFormat(Digits.DECIMAL, reversed_bytes=True)),
    ],
)
def test_the_same_card_in_each_format(typed: str, form: NumberFormat) -> None:
    assert uid_of(typed, form) == (CLASSIC, Part.WHOLE)


def test_a_long_uid_may_be_typed_whole() -> None:
    assert uid_of("04a1b2c3d4e5f6", NumberFormat()) == (LONG, Part.WHOLE)
    assert uid_of("f6e5d4c3b2a104", NumberFormat(reversed_bytes=True)) == (LONG, Part.WHOLE)


def test_a_cut_uid_is_told_as_a_part() -> None:
    assert uid_of("04A1B2C3", NumberFormat(part=Part.FIRST)) == (LONG[:4], Part.FIRST)
    assert uid_of("C3D4E5F6", NumberFormat(part=Part.LAST)) == (LONG[-4:], Part.LAST)


def test_a_cascade_tag_shows_that_the_uid_was_cut() -> None:
    assert uid_of("8804A1B2", NumberFormat()) == (LONG[:3], Part.FIRST)


def test_a_facility_number_is_three_bytes() -> None:
    form = NumberFormat(Digits.FACILITY, part=Part.LAST)
    assert uid_of("21258870", form) == (bytes([212]) + (58870).to_bytes(2, "big"), Part.LAST)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("1122334", Digits.HEX),
        ("1122334g", Digits.HEX),
        ("112233440", Digits.DECIMAL),
        ("9999999999", Digits.DECIMAL),
        ("0x11223344", Digits.DECIMAL),
        ("25600001", Digits.FACILITY),
        ("25565536", Digits.FACILITY),
        ("٠٢٨٧٤٥٤٠٢٠", Digits.DECIMAL),
    ],
)
def test_what_is_no_card_s_number_is_refused(typed: str, digits: Digits) -> None:
    with pytest.raises(UnreadableNumberError):
        uid_of(typed, NumberFormat(digits))


@given(st.binary(min_size=4, max_size=4), st.booleans())
def test_decimal_numbers_give_back_their_bytes(uid: bytes, backwards: bool) -> None:
    number = int.from_bytes(uid[::-1] if backwards else uid, "big")
    found, part = uid_of(f"{number:010}", NumberFormat(Digits.DECIMAL, backwards))
    assert (found, part) == ((uid[1:], Part.FIRST) if uid[0] == 0x88 else (uid, Part.WHOLE))
