"""The simulated cards keep the true chips' rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cards.sun import SunIdentity, read_message, read_url, verify
from linli.devices.readers import type4
from linli.devices.simulated.cards import (
    IsoDepCard,
    MifareClassic,
    Ntag213,
    Ntag424,
    RandomUidPhone,
    ReplayedCard,
)
from linli.devices.simulated.field import Field
from linli.devices.simulated.iso_dep import CardBlocks, ReaderBlocks
from linli.devices.simulated.type4_files import ndef_file

KEY, UID = bytes(range(16)), b"\x04abcdef"
RATS_16, RATS_64 = b"\xe0\x00", b"\xe0\x50"


def message_of(card: IsoDepCard) -> bytes:
    card.power_up()
    card.answer(RATS_64)
    blocks = ReaderBlocks(card.answer)
    reading = type4.ndef_reading()
    command = next(reading)
    try:
        while True:
            command = reading.send(blocks.exchange(command) or b"")
    except StopIteration as done:
        message = done.value
    assert isinstance(message, bytes)
    return message


def identity(card: IsoDepCard) -> SunIdentity:
    return verify(read_message(message_of(card)), KEY)


def test_each_reading_of_an_ntag424_raises_its_counter_by_one() -> None:
    card = Ntag424(UID, KEY, counter=41)
    assert [identity(card).counter for _ in range(3)] == [42, 43, 44]


def test_the_parts_of_one_reading_belong_to_the_same_message() -> None:
    card = Ntag424(UID, KEY)
    card.apdu(type4.select_application(type4.NDEF_APPLICATION))
    card.apdu(type4.select_file(type4.NDEF_FILE))
    parts = [card.apdu(type4.read_binary(offset, 40)) for offset in (0, 40)]
    whole = card.apdu(type4.read_binary(0, 80))
    assert b"".join((part or b"")[:-2] for part in parts) == (whole or b"")[:-2]
    assert card.counter == 1


def test_the_address_of_an_ntag424_proves_its_uid() -> None:
    card = Ntag424(UID, KEY)
    assert verify(read_url(card.read_url()), KEY) == SunIdentity(UID, 1)


def test_a_replayed_card_says_the_same_every_time() -> None:
    copy = ReplayedCard(UID, Ntag424(UID, KEY).read_url())
    assert message_of(copy) == message_of(copy)


def test_a_phone_draws_another_uid_with_each_field() -> None:
    phone = RandomUidPhone()
    uids = set()
    for _ in range(5):
        phone.power_up()
        uids.add(phone.uid)
    assert len(uids) > 1
    assert all(uid[0] == 8 and len(uid) == 4 for uid in uids)


def test_a_phone_has_no_ndef_application() -> None:
    assert RandomUidPhone().apdu(type4.select_application(type4.NDEF_APPLICATION)) == b"\x6a\x82"


@pytest.mark.parametrize("make", [Ntag213, MifareClassic])
def test_a_uid_of_the_wrong_size_is_refused(make: type[Ntag213 | MifareClassic]) -> None:
    with pytest.raises(ValueError, match="UID"):
        make(b"\x04\x01")


def test_an_address_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        ndef_file("ftp://linli.example")


@given(st.binary(max_size=300), st.sampled_from([RATS_16, RATS_64, b"\xe0\x80"]))
def test_a_long_answer_arrives_whole_over_small_frames(answer: bytes, rats: bytes) -> None:
    card = CardBlocks(b"\x01", lambda _: answer)
    assert card.answer(rats) == b"\x01"
    blocks = ReaderBlocks(card.answer)
    assert [blocks.exchange(b"a"), blocks.exchange(b"b")] == [answer, answer]


def test_a_lost_answer_is_sent_again_when_asked_for() -> None:
    card = CardBlocks(b"\x01", lambda command: command)
    card.answer(RATS_64)
    first = card.answer(b"\x02once")
    assert card.answer(b"\xb2") == first == b"\x02once"


def test_an_iso_dep_card_ignores_a_new_search_until_the_field_was_off() -> None:
    field = Field()
    field.place(Ntag424(UID, KEY))
    field.switch(on=True)
    assert [field.select() is not None for _ in range(3)] == [True, False, False]
    field.switch(on=False)
    field.switch(on=True)
    assert field.select() is not None


def test_a_type_2_card_goes_mute_after_an_unknown_command() -> None:
    field = Field()
    field.place(Ntag213(UID))
    field.switch(on=True)
    field.select()
    assert field.send(b"\x30\x00") is not None
    assert field.send(b"\xff") is None
    assert field.send(b"\x30\x00") is None
    field.select()
    assert field.send(b"\x30\x00") is not None


def test_without_a_field_no_card_answers() -> None:
    field = Field()
    field.place(Ntag213(UID))
    assert field.select() is None


def test_a_torn_card_falls_silent_after_the_answers_it_was_given() -> None:
    field = Field()
    field.place(Ntag213(UID))
    field.switch(on=True)
    field.select()
    field.tear(1, returns=False)
    assert field.send(b"\x30\x00") is not None
    assert field.send(b"\x30\x00") is None
    assert field.select() is None
