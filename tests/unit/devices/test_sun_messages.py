"""What counts as a dynamic message, and that nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cards.sun import (
    URL,
    ForgedError,
    NotSunError,
    SunIdentity,
    SunMessage,
    encrypt_picc_data,
    message_mac,
    read_message,
    read_url,
    verify,
)

KEY = bytes(range(16))
UID = b"\x04abcdef"
PICC_DATA = encrypt_picc_data(UID, 7, b"chaff", KEY)
MAC = message_mac(KEY, UID, 7)
ADDRESS = URL.format(picc_data=PICC_DATA.hex().upper(), mac=MAC.hex().upper())


def record(payload: bytes, head: bytes = b"\xd1\x01", kind: bytes = b"U") -> bytes:
    return head + bytes([len(payload)]) + kind + payload


def test_the_address_is_read_out_of_its_record() -> None:
    ndef = record(b"\x04" + ADDRESS.removeprefix("https://").encode())
    assert read_message(ndef) == SunMessage(PICC_DATA, MAC)


def test_an_unabbreviated_address_is_read_as_well() -> None:
    assert read_message(record(b"\x00" + ADDRESS.encode())) == SunMessage(PICC_DATA, MAC)


@pytest.mark.parametrize(
    "url",
    [
        ADDRESS.replace("https", "http"),
        ADDRESS.replace("c.linli.example", "cXlinli.example"),
        ADDRESS[:-1],
        ADDRESS + "0",
        ADDRESS + "\n",
        ADDRESS.replace("&m=", "&x=1&m="),
        "",
    ],
)
def test_any_other_address_is_not_a_message(url: str) -> None:
    with pytest.raises(NotSunError):
        read_url(url)


@pytest.mark.parametrize(
    "ndef",
    [
        b"",
        record(b"\x04" + ADDRESS.encode(), kind=b"T"),
        record(b"\x04" + ADDRESS.encode(), head=b"\x91\x01"),
        record(b"\x04" + ADDRESS.encode())[:-1],
        record(b"\x05" + ADDRESS.encode()),
        record("\x04c.linli.example/t?p=é".encode()),
    ],
)
def test_any_other_record_is_not_a_message(ndef: bytes) -> None:
    with pytest.raises(NotSunError):
        read_message(ndef)


@given(st.binary(max_size=120))
def test_no_bytes_on_a_card_cause_any_other_error(ndef: bytes) -> None:
    with pytest.raises(NotSunError):
        read_message(ndef)


@given(st.integers(0, 127))
def test_one_flipped_bit_of_the_encrypted_part_is_noticed(bit: int) -> None:
    flipped = (int.from_bytes(PICC_DATA, "big") ^ 1 << bit).to_bytes(16, "big")
    with pytest.raises(ForgedError):
        verify(SunMessage(flipped, MAC), KEY)


@given(st.integers(0, 63))
def test_one_flipped_bit_of_the_mac_is_noticed(bit: int) -> None:
    flipped = (int.from_bytes(MAC, "big") ^ 1 << bit).to_bytes(8, "big")
    with pytest.raises(ForgedError):
        verify(SunMessage(PICC_DATA, flipped), KEY)


@given(
    st.binary(min_size=7, max_size=7), st.integers(0, 2**24 - 1), st.binary(min_size=5, max_size=5)
)
def test_what_a_card_says_is_what_is_understood(uid: bytes, counter: int, padding: bytes) -> None:
    picc_data = encrypt_picc_data(uid, counter, padding, KEY)
    message = SunMessage(picc_data, message_mac(KEY, uid, counter))
    assert verify(message, KEY) == SunIdentity(uid, counter)
