"""NTAG 424 DNA dynamic messages against NXP AN12196, and AES-CMAC against RFC 4493."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.cards.sun import (
    ForgedError,
    NotSunError,
    SunIdentity,
    SunMessage,
    aes_cmac,
    decrypt_picc_data,
    encrypt_picc_data,
    message_mac,
    read_url,
    session_key,
    verify,
)

ZERO_KEY = bytes(16)

# AN12196, section 3.4.2.1 (the chip's own example of an address without file data).
FIRST = SunMessage(
    bytes.fromhex("EF963FF7828658A599F3041510671E88"), bytes.fromhex("94EED9EE65337086")
)
FIRST_UID = bytes.fromhex("04DE5F1EACC040")

# AN12196, section 3.4.4.2: the MAC covers the encrypted file data and the text up to the MAC.
SECOND = SunMessage(
    bytes.fromhex("FD91EC264309878BE6345CBE53BADF40"),
    bytes.fromhex("ECC1E7F6C6C73BF6"),
    b"CEE9A53E3E463EF1F459635736738962&cmac=",
)


def test_the_first_example_of_an12196_verifies() -> None:
    assert verify(FIRST, ZERO_KEY) == SunIdentity(FIRST_UID, 61)


def test_the_example_with_encrypted_file_data_verifies() -> None:
    assert verify(SECOND, ZERO_KEY) == SunIdentity(bytes.fromhex("04958CAA5C5E80"), 8)


def test_picc_data_decrypts_as_published() -> None:
    plain = decrypt_picc_data(FIRST.picc_data, ZERO_KEY)
    assert plain == bytes.fromhex("C704DE5F1EACC0403D0000DA5CF60941")


def test_encrypting_gives_the_published_bytes_back() -> None:
    padding = bytes.fromhex("DA5CF60941")
    assert encrypt_picc_data(FIRST_UID, 61, padding, ZERO_KEY) == FIRST.picc_data


def test_the_session_key_is_the_published_one() -> None:
    published = bytes.fromhex("3FB5F6E3A807A03D5E3570ACE393776F")
    assert session_key(ZERO_KEY, FIRST_UID, 61) == published


def test_a_plainly_mirrored_uid_and_counter_have_the_published_mac() -> None:
    # nfc-developer/sdm-backend, tests/test_libsdm.py: a chip that mirrors in the clear.
    mac = message_mac(ZERO_KEY, bytes.fromhex("041E3C8A2D6B80"), 6)
    assert mac == bytes.fromhex("4B00064004B0B3D3")


@pytest.mark.parametrize(
    ("message", "mac"),
    [
        (FIRST, "94EED9EE65337087"),
        (SECOND, "3CC1E7F6C6C33B33"),  # the negative case of sdm-backend
        (replace(SECOND, mac_input=b""), "ECC1E7F6C6C73BF6"),
        (replace(FIRST, picc_data=SECOND.picc_data), "94EED9EE65337086"),
    ],
)
def test_a_changed_message_is_forged(message: SunMessage, mac: str) -> None:
    with pytest.raises(ForgedError):
        verify(replace(message, mac=bytes.fromhex(mac)), ZERO_KEY)


def test_another_cards_key_does_not_verify() -> None:
    with pytest.raises(ForgedError):
        verify(FIRST, b"\x01" + bytes(15))


def test_the_published_address_of_another_site_is_not_ours() -> None:
    with pytest.raises(NotSunError):
        read_url("https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086")


def test_the_published_bytes_at_our_address_are_read() -> None:
    url = "https://c.linli.example/t?p=EF963FF7828658A599F3041510671E88&m=94EED9EE65337086"
    assert read_url(url) == FIRST


RFC_4493_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_4493_MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)


@pytest.mark.parametrize(
    ("length", "cmac"),
    [
        (0, "bb1d6929e95937287fa37d129b756746"),
        (16, "070a16b46b4d4144f79bdd9dd04a287c"),
        (40, "dfa66747de9ae63030ca32611497c827"),
        (64, "51f0bebf7e3b9d92fc49741779363cfe"),
    ],
)
def test_aes_cmac_gives_the_values_of_rfc_4493(length: int, cmac: str) -> None:
    assert aes_cmac(RFC_4493_KEY, RFC_4493_MESSAGE[:length]).hex() == cmac
