"""NTAG 424 DNA secure messaging against the transcripts of NXP AN12196 rev. 2.0; the tables are
named in each test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.cards import authentication, ntag424, secure_messaging
from linli.cards.authentication import Challenge
from linli.cards.file_settings import Access, Dynamic, FileSettings, Mode, read_settings
from linli.cards.secure_messaging import CardAnswerError, Session, open_full, open_maced
from linli.cards.sun import aes_cmac

ZERO = bytes(16)
hexed = bytes.fromhex


def session(ti: str, encryption: str, mac: str, counter: int = 0, key: int = 0) -> Session:
    return Session(key, hexed(ti), hexed(encryption), hexed(mac), counter)


TABLE_14 = session(
    "9D00C4DF", "1309C877509E5A215007FF0ED19CA564", "4C6626F5E72EA694202139295C7A7FC7"
)
TABLE_19 = session(
    "7614281A", "7A93D6571E4B180FCA6AC90C9A7488D4", "FC4AF159B62E549B5812394CAB1918CC", key=3
)
TABLE_23 = session(
    "7614281A", "4CF3CB41A22583A61E89B158D252FC53", "5529860B2FC5FB6154B7F28361D30BF9"
)


def test_a_first_authentication_with_key_0_is_table_14s() -> None:
    random_a = hexed("13C5DB8A5930439FC3DEF9A4C675360F")
    assert authentication.begin(0) == hexed("9071000002000000")
    challenge, proof = authentication.respond(
        ZERO, 0, hexed("A04C124213C186F22399D33AC2A3021591AF"), random_a
    )
    assert challenge.random_b == hexed("B9E2FC789B64BF237CCCAA20EC7E6E48")
    assert proof == hexed(
        "90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00"
    )
    answer = hexed("3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100")
    assert authentication.opened(ZERO, challenge, answer) == TABLE_14


def test_a_first_authentication_with_key_3_is_table_19s() -> None:
    random_a = hexed("B98F4C50CF1C2E084FD150E33992B048")
    assert authentication.begin(3) == hexed("9071000002030000")
    challenge, proof = authentication.respond(
        ZERO, 3, hexed("B875CEB0E66A6C5CD00898DC371F92D191AF"), random_a
    )
    assert challenge.random_b == hexed("91517975190DCEA6104948EFA3085C1B")
    assert proof == hexed(
        "90AF000020FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B100"
    )
    answer = hexed("0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A9100")
    assert authentication.opened(ZERO, challenge, answer) == TABLE_19


def test_a_non_first_authentication_is_table_23s_and_keeps_the_counter() -> None:
    random_a = hexed("60BE759EDA560250AC57CDDC11743CF6")
    assert authentication.begin_again(0) == hexed("90770000010000")
    challenge, proof = authentication.respond(
        ZERO, 0, hexed("A6A2B3C572D06C097BB8DB70463E22DC91AF"), random_a
    )
    assert challenge.random_b == hexed("6924E8D09722659A2E7DEC68E66312B8")
    assert proof == hexed(
        "90AF000020BE7D45753F2CAB85F34BC60CE58B940763FE969658A532DF6D95EA2773F6E99100"
    )
    answer = hexed("B888349C24B315EAB5B589E279C8263E9100")
    before = replace(TABLE_19, counter=2)
    made = authentication.reopened(ZERO, challenge, answer, before)
    assert made == replace(TABLE_23, counter=2)


def test_a_card_that_does_not_know_the_key_is_found_out() -> None:
    challenge = Challenge(0, bytes(16), hexed("B9E2FC789B64BF237CCCAA20EC7E6E48"))
    answer = hexed("3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100")
    with pytest.raises(CardAnswerError, match="another's"):
        authentication.opened(ZERO, challenge, answer)


def test_a_refused_key_is_told_by_its_status() -> None:
    challenge = Challenge(0, bytes(16), bytes(16))
    with pytest.raises(CardAnswerError) as caught:
        authentication.opened(ZERO, challenge, hexed("91AE"))
    assert caught.value.status == 0x91AE


def test_settings_read_with_a_mac_are_table_7s() -> None:
    of = session("7A21085E", "00" * 16, "8248134A386E86EB7FAF54A52E536CB6")
    mac = aes_cmac(of.mac, hexed("F500007A21085E02"))
    assert mac == hexed("B565AC978FA46D5784C845CD1444102C")
    assert secure_messaging.truncated(mac) == hexed("6597A457C8CD442C")
    assert ntag424.get_file_settings(2, of) == hexed("90F5000009026597A457C8CD442C00")
    answer = hexed("0040EEEE000100D1FE001F00004400004400002000006A00002A474282E7A479869100")
    assert open_maced(of, answer) == answer[:-10]
    with pytest.raises(CardAnswerError, match="session"):
        open_maced(of.after(), answer)
    with pytest.raises(CardAnswerError, match="session"):
        open_maced(of, answer.replace(b"\x6a", b"\x6b", 1))


def test_plain_commands_are_tables_9_10_and_24s() -> None:
    assert ntag424.select_application() == hexed("00A4040C07D276000085010100")
    assert ntag424.get_file_settings(2) == hexed("90F50000010200")
    data = hexed("FF0506E10500808283000000000000000000")
    assert ntag424.write_data(1, 0x0E, data) == hexed(
        "908D000019010E0000120000FF0506E1050080828300000000000000000000"
    )


def test_encrypted_writing_is_table_21s() -> None:
    assert secure_messaging.command_iv(TABLE_19) == hexed("4C651A64261A90307B6C293F611C7F7B")
    command = secure_messaging.full(
        TABLE_19, 0x8D, hexed("030000000A0000"), hexed("0102030405060708090A")
    )
    assert command == hexed(
        "908D00001F030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA00"
    )
    assert open_full(TABLE_19, hexed("C26D236E4A7C046D9100")) == b""


def test_settings_with_a_dynamic_message_are_table_18s() -> None:
    settings = FileSettings(
        Mode.PLAIN,
        Access(read=0xE, write=0, read_write=0, change=0),
        Dynamic(2, 1, counter_read=1, picc_data=0x20, mac_input=0x43, mac=0x43),
    )
    assert settings.encode() == hexed("4000E0C1F121200000430000430000")
    of = TABLE_14.after()
    assert secure_messaging.command_iv(of) == hexed("3E27082AB2ACC1EF55C57547934E9962")
    assert ntag424.change_file_settings(of, 2, settings) == hexed(
        "905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0400"
    )
    assert open_full(of, hexed("57BFF87B1241E93D9100")) == b""


def test_changing_another_key_is_table_25s() -> None:
    new = hexed("F3847D627727ED3BC9C4CC050489B966")
    assert ntag424.key_check(new) == hexed("789DFADC")
    of = replace(TABLE_23, counter=2)
    assert secure_messaging.command_iv(of) == hexed("307EDE1814707F30CFE603DD6CA62353")
    assert ntag424.change_key(of, 2, new, 1, old=ZERO) == hexed(
        "90C4000029022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E600"
    )
    assert open_maced(of, hexed("203BB55D1089D5879100")) == b""


def test_changing_the_sessions_own_key_is_table_26s() -> None:
    new = hexed("5004BF991F408672B1EF00F08F9E8647")
    of = replace(TABLE_23, counter=3)
    assert secure_messaging.command_iv(of) == hexed("01602D579423B2797BE8B478B0B4D27B")
    assert ntag424.change_key(of, 0, new, 1) == hexed(
        "90C400002900C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED643200"
    )


def test_an_encrypted_command_of_any_kind_is_table_27s() -> None:
    of = session("D779B1D0", "7951A705F47F3C29B596454DC1490383", "FE4EDBF46536557E304682F33E63A84F")
    assert secure_messaging.full(of, 0x5C, b"\0", b"\x02") == hexed(
        "905C000019008EA0138A7AF6FC8E99DF2A3A305602C43A7A3C9228C3134A00"
    )
    assert open_maced(of, hexed("86044208CAD1676A9100")) == b""


def test_the_cards_true_uid_is_table_28s() -> None:
    of = session("DF055522", "2B4D963C014DC36F24F69A50A394F875", "379D32130CE61705DD5FD8C36B95D764")
    assert ntag424.get_card_uid(of) == hexed("90510000088E2C155ADDA99BE300")
    answer = hexed("70756055688505B52A5E26E59E329CD6595F672298EA41B79100")
    assert secure_messaging.answer_iv(of.after()) == hexed("7F6BB0B278EA054CBD238C5D9E9E342B")
    assert ntag424.read_card_uid(of, answer) == hexed("04958CAA5C5E80")
    with pytest.raises(CardAnswerError, match="session"):
        ntag424.read_card_uid(of, b"\x71" + answer[1:])


def test_settings_of_a_file_are_read_as_the_chip_answers_them() -> None:
    factory, size = read_settings(hexed("0000E0EE000100"))
    assert (factory, size) == (FileSettings(Mode.PLAIN, Access(0xE, 0xE, 0xE, 0)), 256)
