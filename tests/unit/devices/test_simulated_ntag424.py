"""The simulated NTAG 424 DNA gives nothing to who breaks the protocol."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cards import authentication, layout, ntag424, secure_messaging
from linli.cards.file_settings import Access, Dynamic, FileSettings, Mode, read_settings
from linli.cards.secure_messaging import CardAnswerError, Session
from linli.devices.simulated.cards import Ntag424
from linli.devices.simulated.ntag424_keys import IN_A_ROW, IN_ALL

UID, ZERO, NEW = b"\x04abcdef", bytes(16), bytes(range(16))


@pytest.fixture
def card() -> Ntag424:
    card = Ntag424.blank(UID, random.Random(1).randbytes)
    say(card, ntag424.select_application())
    return card


def say(card: Ntag424, command: bytes) -> bytes:
    return card.apdu(command) or b""


def refused(answer: bytes) -> str:
    return answer.hex().upper()


def authenticated(card: Ntag424, number: int = 0, key: bytes = ZERO) -> Session:
    challenge, proof = authentication.respond(
        key, number, say(card, authentication.begin(number)), bytes(16)
    )
    return authentication.opened(key, challenge, say(card, proof))


def wrong_proof(card: Ntag424) -> str:
    answer = say(card, authentication.begin(0))
    if answer[-2:] != b"\x91\xaf":
        return refused(answer)
    _, proof = authentication.respond(NEW, 0, answer, bytes(16))
    return refused(say(card, proof))


def test_a_blank_card_has_the_factory_key_in_all_five_places(card: Ntag424) -> None:
    answers = [say(card, ntag424.get_key_version(number)) for number in range(5)]
    assert answers == [b"\0\x91\0"] * 5
    assert refused(say(card, ntag424.get_key_version(5))) == "9140"
    for number in range(5):
        authenticated(card, number)


def test_a_card_tells_what_it_is_before_its_application_is_selected() -> None:
    card = Ntag424.blank(UID)
    first, second, third = (say(card, command) for command in ntag424.get_version())
    version = ntag424.read_version((first, second, third))
    assert (version.ntag424, version.uid) == (True, UID)
    assert refused(say(card, authentication.begin(0))) == "9140"


def test_keys_are_only_changed_by_who_has_proved_key_0(card: Ntag424) -> None:
    nobody = Session(0, bytes(4), ZERO, ZERO)
    command = ntag424.change_key(nobody, 1, NEW, 1, ZERO)
    assert refused(say(card, command)) == "91AE"
    other = authenticated(card, 3)
    assert refused(say(card, ntag424.change_key(other, 1, NEW, 1, ZERO))) == "91AE"
    owner = authenticated(card)
    answer = say(card, ntag424.change_key(owner, 1, NEW, 7, ZERO))
    assert secure_messaging.open_maced(owner, answer) == b""
    assert (card.chip.keys[1].key, card.chip.keys[1].version) == (NEW, 7)


def test_a_key_is_not_changed_by_who_does_not_know_the_old_one(card: Ntag424) -> None:
    owner = authenticated(card)
    assert refused(say(card, ntag424.change_key(owner, 1, NEW, 1, NEW))) == "911E"
    assert card.chip.keys[1].key == ZERO


def test_changing_key_0_ends_the_session(card: Ntag424) -> None:
    owner = authenticated(card)
    assert refused(say(card, ntag424.change_key(owner, 0, NEW, 1))) == "9100"
    assert refused(say(card, ntag424.get_card_uid(owner.after()))) == "91AE"
    authenticated(card, 0, NEW)


def test_a_command_sent_twice_is_taken_once(card: Ntag424) -> None:
    owner = authenticated(card)
    command = ntag424.get_card_uid(owner)
    assert ntag424.read_card_uid(owner, say(card, command)) == UID
    assert refused(say(card, command)) == "911E"


def test_a_changed_command_ends_the_session(card: Ntag424) -> None:
    owner = authenticated(card)
    command = bytearray(ntag424.get_card_uid(owner))
    command[6] ^= 1
    assert refused(say(card, bytes(command))) == "911E"
    assert refused(say(card, ntag424.get_card_uid(owner))) == "91AE"


def test_plain_commands_count_too(card: Ntag424) -> None:
    owner = authenticated(card)
    assert refused(say(card, ntag424.write_data(2, 0, b"x"))) == "9100"
    assert refused(say(card, ntag424.get_card_uid(owner))) == "911E"
    owner = authenticated(card)
    say(card, ntag424.write_data(2, 0, b"x"))
    assert say(card, ntag424.get_card_uid(owner.after()))[-2:] == b"\x91\0"


def test_a_second_authentication_goes_on_counting_and_a_first_begins_anew(card: Ntag424) -> None:
    before = authenticated(card)
    say(card, ntag424.get_card_uid(before))
    challenge, proof = authentication.respond(
        ZERO, 1, say(card, authentication.begin_again(1)), bytes(16)
    )
    again = authentication.reopened(ZERO, challenge, say(card, proof), before.after())
    assert (again.ti, again.counter, again.key_number) == (before.ti, 1, 1)
    assert ntag424.read_card_uid(again, say(card, ntag424.get_card_uid(again))) == UID
    assert authenticated(card).counter == 0


def test_a_second_authentication_needs_a_first(card: Ntag424) -> None:
    assert refused(say(card, authentication.begin_again(0))) == "919D"


def test_a_proof_without_a_challenge_is_none(card: Ntag424) -> None:
    _, proof = authentication.respond(ZERO, 0, say(card, authentication.begin(0)), bytes(16))
    say(card, ntag424.get_key_version(0))
    assert refused(say(card, proof)) == "911C"


def test_without_power_the_session_is_over(card: Ntag424) -> None:
    owner = authenticated(card)
    card.power_up()
    say(card, ntag424.select_application())
    assert refused(say(card, ntag424.get_card_uid(owner))) == "91AE"


def test_selecting_the_application_ends_the_session(card: Ntag424) -> None:
    owner = authenticated(card)
    say(card, ntag424.select_application())
    assert refused(say(card, ntag424.get_card_uid(owner))) == "91AE"


def test_fifty_wrong_proofs_in_a_row_make_even_the_right_one_wait(card: Ntag424) -> None:
    assert [wrong_proof(card) for _ in range(IN_A_ROW)] == ["91AE"] * IN_A_ROW
    card.power_up()
    say(card, ntag424.select_application())
    waited = 0
    while say(card, authentication.begin(0)) == b"\x91\xad":
        waited += 1
    assert waited
    authenticated(card)
    assert wrong_proof(card) == "91AE"


def test_a_thousand_wrong_proofs_lock_the_key_for_good(card: Ntag424) -> None:
    while wrong_proof(card) != "919D":
        pass
    assert card.chip.keys[0].in_all == IN_ALL
    with pytest.raises(CardAnswerError) as caught:
        authenticated(card)
    assert caught.value.status == 0x919D


def test_changing_a_key_forgives_its_failures(card: Ntag424) -> None:
    wrong_proof(card)
    say(card, ntag424.change_key(authenticated(card), 0, NEW, 1))
    assert card.chip.keys[0].in_all == 0


def test_the_file_belongs_to_everybody_until_its_settings_say_otherwise(card: Ntag424) -> None:
    assert refused(say(card, ntag424.write_data(2, 0, layout.template()))) == "9100"
    owner = authenticated(card)
    say(card, ntag424.change_file_settings(owner, 2, layout.settings()))
    card.power_up()
    say(card, ntag424.select_application())
    assert refused(say(card, ntag424.write_data(2, 0, b"x"))) == "91AE"
    authenticated(card, 1)
    assert refused(say(card, ntag424.write_data(2, 0, b"x"))) == "919D"
    authenticated(card)
    assert refused(say(card, ntag424.write_data(2, 250, bytes(7)))) == "91BE"


def test_settings_are_read_by_everybody(card: Ntag424) -> None:
    answer = say(card, ntag424.get_file_settings(2))
    assert read_settings(answer[:-2]) == (
        FileSettings(Mode.PLAIN, Access(0xE, 0xE, 0xE, 0)),
        256,
    )
    owner = authenticated(card)
    told = secure_messaging.open_maced(owner, say(card, ntag424.get_file_settings(2, owner)))
    assert told == answer[:-2]


@pytest.mark.parametrize(
    "dynamic",
    [Dynamic(1, 1, 0, 20, 40, 40), Dynamic(1, 1, 0, 20, 60, 250), Dynamic(1, 1, 0, 20, 80, 60)],
)
def test_mirrors_that_overlap_or_do_not_fit_are_refused(card: Ntag424, dynamic: Dynamic) -> None:
    owner = authenticated(card)
    settings = FileSettings(Mode.PLAIN, Access(0xE, 0, 0, 0), dynamic)
    assert refused(say(card, ntag424.change_file_settings(owner, 2, settings))) == "919E"
    assert card.chip.settings.dynamic is None


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_whatever_is_said_to_it_no_key_changes_without_proof(said: list[bytes]) -> None:
    card = Ntag424.blank(UID)
    say(card, ntag424.select_application())
    for command in said:
        assert len(say(card, b"\x90" + command)) >= 2
    assert {slot.key for slot in card.chip.keys} == {ZERO}
