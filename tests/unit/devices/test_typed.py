"""Raw input events, as the kernel hands them over on 64 and on 32 bits, and what they spell."""

from __future__ import annotations

import struct

import pytest
from evdev import ecodes
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.typed import Typing

EVENTS = {24: struct.Struct("<qqHHi"), 16: struct.Struct("<iiHHi")}


def key(code: int, value: int, size: int) -> bytes:
    event = EVENTS[size]
    return event.pack(1, 2, ecodes.EV_KEY, code, value) + event.pack(1, 2, ecodes.EV_SYN, 0, 0)


def press(code: int, size: int = 24) -> bytes:
    return key(code, 1, size) + key(code, 0, size)


def keys(text: str, size: int = 24) -> bytes:
    return b"".join(press(int(getattr(ecodes, f"KEY_{c.upper()}")), size) for c in text)


ENTER = press(ecodes.KEY_ENTER)


@pytest.mark.parametrize("size", EVENTS)
def test_digits_and_enter_make_a_line(size: int) -> None:
    assert Typing(size).feed(keys("0012345678", size) + press(ecodes.KEY_ENTER, size)) == [
        "0012345678"
    ]


@given(st.lists(st.integers(1, 100), max_size=20), st.sampled_from([16, 24]))
def test_events_may_come_in_any_pieces(cuts: list[int], size: int) -> None:
    data = keys("04a1b2c3", size) + press(ecodes.KEY_ENTER, size)
    typing, lines = Typing(size), []
    for cut in cuts:
        lines += typing.feed(data[:cut])
        data = data[cut:]
    assert lines + typing.feed(data) == ["04a1b2c3"]


def test_shift_holds_until_it_is_let_go() -> None:
    shifted = key(ecodes.KEY_LEFTSHIFT, 1, 24) + press(ecodes.KEY_A) + press(ecodes.KEY_SEMICOLON)
    text = keys("a") + shifted + key(ecodes.KEY_LEFTSHIFT, 0, 24) + press(ecodes.KEY_SLASH)
    assert Typing(24).feed(text + ENTER) == ["aA:/"]


def test_a_key_held_down_counts_once() -> None:
    held = key(ecodes.KEY_7, 1, 24) + 5 * key(ecodes.KEY_7, 2, 24) + key(ecodes.KEY_7, 0, 24)
    assert Typing(24).feed(held + ENTER) == ["7"]


def test_the_keypad_types_digits_too() -> None:
    assert Typing(24).feed(press(ecodes.KEY_KP4) + press(ecodes.KEY_KPENTER)) == ["4"]


def test_what_was_typed_before_a_pause_is_forgotten() -> None:
    typing = Typing(24)
    typing.feed(keys("12"))
    typing.forget()
    assert typing.feed(keys("34") + ENTER) == ["34"]


@given(st.binary(max_size=600))
def test_any_bytes_are_read_without_stumbling(data: bytes) -> None:
    assert all(Typing(24).feed(data + bytes(24)))
