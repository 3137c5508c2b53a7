"""Secure messaging holds whatever is sent, and whatever a liar in between does to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.cards import authentication, ntag424, secure_messaging
from linli.cards.file_settings import (
    Access,
    Dynamic,
    FileSettings,
    MalformedSettingsError,
    Mode,
    read_settings,
)
from linli.cards.secure_messaging import CardAnswerError, Session

keys = st.binary(min_size=16, max_size=16)
sessions = st.builds(
    Session,
    key_number=st.integers(0, 4),
    ti=st.binary(min_size=4, max_size=4),
    encryption=keys,
    mac=keys,
    counter=st.integers(0, 0xFFFE),
)
nibbles = st.integers(0, 15)
places = st.integers(0, 0xFFFFFF)
settings = st.builds(
    FileSettings,
    st.sampled_from(Mode),
    st.builds(Access, nibbles, nibbles, nibbles, nibbles),
    st.none() | st.builds(Dynamic, nibbles, nibbles, nibbles, places, places, places),
)


def answered(session: Session, content: bytes) -> bytes:
    """The card's encrypted answer to the command that `session` stands at."""
    after = session.after()
    hidden = b""
    if content:
        plain = secure_messaging.padded(content)
        hidden = secure_messaging.encrypt(
            after.encryption, secure_messaging.answer_iv(after), plain
        )
    return hidden + secure_messaging.answer_mac(after, hidden) + b"\x91\x00"


@given(sessions, st.binary(max_size=200))
def test_an_encrypted_answer_opens_to_what_was_said(session: Session, content: bytes) -> None:
    assert secure_messaging.open_full(session, answered(session, content)) == content


@given(sessions, st.binary(max_size=60), st.data())
def test_a_changed_bit_anywhere_is_found(
    session: Session, content: bytes, data: st.DataObject
) -> None:
    answer = bytearray(answered(session, content))
    bit = data.draw(st.integers(0, 8 * len(answer) - 1))
    answer[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CardAnswerError):
        secure_messaging.open_full(session, bytes(answer))


@given(sessions, st.binary(max_size=60), st.integers(1, 0xFFFE))
def test_an_answer_to_another_command_is_not_taken(
    session: Session, content: bytes, later: int
) -> None:
    other = replace(session, counter=(session.counter + later) % 0xFFFF)
    assume(other != session)
    with pytest.raises(CardAnswerError):
        secure_messaging.open_full(other, answered(session, content))


@given(sessions, keys, st.binary(max_size=60))
def test_an_answer_of_another_session_is_not_taken(
    session: Session, key: bytes, content: bytes
) -> None:
    assume(key != session.mac)
    with pytest.raises(CardAnswerError):
        secure_messaging.open_full(replace(session, mac=key), answered(session, content))


@given(sessions, st.binary(max_size=40))
def test_an_answer_of_noise_is_refused_and_nothing_else(session: Session, noise: bytes) -> None:
    with pytest.raises(CardAnswerError):
        secure_messaging.open_full(session, noise)


@given(st.binary(max_size=100))
def test_padding_comes_off_as_it_went_on(data: bytes) -> None:
    padded = secure_messaging.padded(data)
    assert len(padded) % 16 == 0
    assert 0 < len(padded) - len(data) <= 16
    assert secure_messaging.unpadded(padded) == data


@given(keys, keys, keys, st.binary(min_size=4, max_size=4))
def test_both_ends_of_an_authentication_come_to_the_same_keys(
    key: bytes, random_a: bytes, random_b: bytes, ti: bytes
) -> None:
    iv = bytes(16)
    hidden = secure_messaging.encrypt(key, iv, random_b)
    challenge, proof = authentication.respond(key, 1, hidden + b"\x91\xaf", random_a)
    sent = secure_messaging.decrypt(key, iv, proof[5:37])
    assert sent == random_a + authentication.rotated(random_b)
    said = ti + authentication.rotated(random_a) + bytes(12)
    answer = secure_messaging.encrypt(key, iv, said) + b"\x91\x00"
    session = authentication.opened(key, challenge, answer)
    assert session == authentication.new_session(key, challenge, ti)


@given(keys, keys, keys)
def test_a_card_with_another_key_opens_no_session(key: bytes, other: bytes, random: bytes) -> None:
    assume(key != other)
    hidden = secure_messaging.encrypt(other, bytes(16), random)
    challenge, _ = authentication.respond(key, 0, hidden + b"\x91\xaf", random)
    said = bytes(4) + authentication.rotated(random) + bytes(12)
    answer = secure_messaging.encrypt(other, bytes(16), said) + b"\x91\x00"
    with pytest.raises(CardAnswerError):
        authentication.opened(key, challenge, answer)


@given(settings)
def test_settings_come_back_as_they_were_written(given_: FileSettings) -> None:
    written = given_.encode()
    assert FileSettings.decode(written) == given_
    answer = b"\0" + written[:3] + b"\0\1\0" + written[3:]
    assert read_settings(answer) == (given_, 256)


@given(st.binary(max_size=40))
def test_settings_that_are_none_are_refused_and_nothing_else(noise: bytes) -> None:
    try:
        read_settings(noise)
    except MalformedSettingsError:
        return
    assert len(noise) >= 7


@given(sessions, keys, keys, st.integers(0, 255))
def test_only_the_difference_to_the_old_key_is_sent_for_another_key(
    session: Session, new: bytes, old: bytes, version: int
) -> None:
    number = (session.key_number + 1) % 5
    command = ntag424.change_key(session, number, new, version, old)
    hidden = command[6:-9]
    plain = secure_messaging.unpadded(
        secure_messaging.decrypt(session.encryption, secure_messaging.command_iv(session), hidden)
    )
    assert bytes(a ^ b for a, b in zip(plain[:16], old, strict=True)) == new
    assert plain[16:] == bytes([version]) + ntag424.key_check(new)


def test_another_key_is_not_changed_without_its_old_value() -> None:
    session = Session(0, bytes(4), bytes(16), bytes(16))
    with pytest.raises(ValueError, match="old value"):
        ntag424.change_key(session, 1, bytes(16), 1)
