"""What a card's activation tells about it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.readers.activation import (
    MalformedActivationError,
    Target,
    chip_of,
    parse_target,
)
from linli.devices.readers.base import Chip


@pytest.mark.parametrize(
    ("sak", "chip"),
    [
        (0x00, Chip.TYPE2),
        (0x20, Chip.ISO_DEP),
        (0x28, Chip.ISO_DEP),
        (0x60, Chip.ISO_DEP),
        (0x08, Chip.CLASSIC),
        (0x18, Chip.CLASSIC),
        (0x88, Chip.CLASSIC),
    ],
)
def test_the_sak_tells_the_chip(sak: int, chip: Chip) -> None:
    assert chip_of(sak) is chip


@pytest.mark.parametrize(
    ("uid", "random"), [("08112233", True), ("04112233", False), ("08112233445566", False)]
)
def test_only_a_four_byte_uid_from_08_is_random(uid: str, random: bool) -> None:
    assert Target(bytes.fromhex(uid), Chip.ISO_DEP).random_uid is random


def test_a_target_is_read_as_the_chip_lists_it() -> None:
    data = bytes.fromhex("0344200704DE5F1EACC040067777710280")
    assert parse_target(data) == Target(bytes.fromhex("04DE5F1EACC040"), Chip.ISO_DEP)


def test_a_short_ats_is_no_trouble() -> None:
    assert parse_target(bytes.fromhex("000420040102030402" + "08")).uid == b"\x01\x02\x03\x04"


@pytest.mark.parametrize("data", ["", "004400", "004400FF", "00440005AABBCCDDEE", "0044000704AA"])
def test_a_description_that_does_not_hold_together_is_refused(data: str) -> None:
    with pytest.raises(MalformedActivationError):
        parse_target(bytes.fromhex(data))


@given(st.binary(max_size=40))
def test_no_description_causes_any_other_error(data: bytes) -> None:
    uid = b""
    with contextlib.suppress(MalformedActivationError):
        uid = parse_target(data).uid
    assert len(uid) in (0, 4, 7, 10)
