"""Frames of ready-made lock boards: as their manuals print them, and found in noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.lockers.rs485_frames import (
    OPEN,
    QUERY,
    TOLD,
    Channel,
    Finder,
    Told,
    open_frame,
    query_frame,
    with_check,
)

told = st.builds(
    Told,
    kind=st.sampled_from([OPEN, QUERY, TOLD]),
    channel=st.builds(Channel, st.integers(0, 255), st.integers(1, 255)),
    state=st.sampled_from([0x00, 0x11]),
)


def frame(said: Told) -> bytes:
    where = said.channel
    return with_check(bytes([said.kind, where.address, where.channel, said.state]))


def test_opening_channel_1_of_board_1_looks_as_in_the_manual() -> None:
    assert open_frame(Channel(1, 1)) == bytes.fromhex("8A0101119B")


def test_asking_for_channel_1_of_board_1_looks_as_in_the_manual() -> None:
    assert query_frame(Channel(1, 1)) == bytes.fromhex("80010133B3")


def test_channel_0_which_means_all_doors_is_refused() -> None:
    with pytest.raises(ValueError, match="all doors"):
        Channel(1, 0)


@pytest.mark.parametrize("wrong", [(256, 1), (-1, 1), (1, 256), (1, -1)])
def test_what_is_no_byte_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="bytes"):
        Channel(*wrong)


@given(st.lists(told, max_size=5))
def test_what_is_said_in_a_row_is_found(said: list[Told]) -> None:
    assert Finder().feed(b"".join(map(frame, said))) == said


@given(st.binary(max_size=12).filter(lambda noise: not set(noise) & {OPEN, QUERY, TOLD}), told)
def test_leading_garbage_does_not_hide_what_is_said(noise: bytes, said: Told) -> None:
    assert Finder().feed(noise + frame(said)) == [said]


@given(told, st.integers(0, 4), st.integers(1, 255))
def test_one_wrong_byte_is_never_taken(said: Told, at: int, by: int) -> None:
    damaged = bytearray(frame(said))
    damaged[at] ^= by
    assert Finder().feed(bytes(damaged)) == []


@given(st.lists(st.binary(max_size=20), max_size=6), told)
def test_after_garbage_and_a_silence_it_hears_again(noise: list[bytes], said: Told) -> None:
    finder = Finder()
    for piece in noise:
        finder.feed(piece)
    finder.clear()
    assert finder.feed(frame(said)) == [said]
