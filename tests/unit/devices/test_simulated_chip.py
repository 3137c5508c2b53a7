"""The simulated PN532 at its bytes (UM0701-02)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.readers import frames
from linli.devices.simulated.cards import MuteCard, Ntag213, Ntag424
from linli.devices.simulated.field import Field
from linli.devices.simulated.pn532_chip import Pn532Chip, crc_a

UID = b"\x04abcdef"
LIMIT_SEARCH = bytes.fromhex("320501 0001")


class Host:
    """Sends commands to a chip of its own and takes the answers apart."""

    def __init__(self) -> None:
        self.field = Field()
        self.chip = Pn532Chip(self.field)

    def send(self, command: bytes, speed: int = 115_200) -> bytes | None:
        """The response's content after `D5 code`, None where only the ACK came."""
        replies = self.chip.receive(frames.encode(b"\xd4" + command), speed)
        assert replies is not None
        assert replies[0].data == frames.ACK
        if len(replies) == 1:
            return None
        content = frames.content_of(replies[1].data)
        if content == b"\x7f":
            return content
        assert content[:2] == bytes([0xD5, command[0] + 1])
        self.after_s = replies[1].after_s
        return content[2:]


@pytest.fixture
def host() -> Host:
    return Host()


def test_it_says_it_is_a_pn532(host: Host) -> None:
    assert host.send(b"\x02") == bytes.fromhex("32010607")


def test_the_line_test_gives_the_longest_frame_back(host: Host) -> None:
    test = bytes(n & 0xFF for n in range(262))
    assert host.send(b"\x00\x00" + test) == b"\x00" + test


@pytest.mark.parametrize("command", ["F0", "4A", "4A0500", "00FF", "066339FF", "10FF", "08"])
def test_what_it_does_not_understand_gets_the_error_frame(host: Host, command: str) -> None:
    assert host.send(bytes.fromhex(command)) == b"\x7f"


def test_an_unlimited_search_of_an_empty_field_never_answers(host: Host) -> None:
    assert host.send(bytes.fromhex("4A0100")) is None


def test_an_empty_field_leaves_the_request_in_the_fifo(host: Host) -> None:
    host.send(LIMIT_SEARCH)
    assert host.send(bytes.fromhex("4A0100")) == b"\x00"
    assert host.send(bytes.fromhex("066339")) == b"\x26"


def test_a_card_is_listed_with_its_ats(host: Host) -> None:
    host.field.place(Ntag424(UID, bytes(16)))
    listed = host.send(bytes.fromhex("4A0100"))
    assert listed == bytes.fromhex("0101 0344 20 07") + UID + bytes.fromhex("067777710280")


def test_without_automatic_rats_there_is_no_ats(host: Host) -> None:
    host.field.place(Ntag424(UID, bytes(16)))
    host.send(b"\x12\x00")
    assert host.send(bytes.fromhex("4A0100")) == bytes.fromhex("0101 0344 20 07") + UID


def test_a_mute_card_times_out_after_the_configured_time(host: Host) -> None:
    host.field.place(MuteCard(UID))
    host.send(bytes.fromhex("3202 00 0B 08"))
    host.send(bytes.fromhex("4A0100"))
    assert host.send(bytes.fromhex("4001 00A40400")) == b"\x01"
    assert host.after_s == pytest.approx(0.0128)


def test_an_exchange_without_a_card_is_out_of_context(host: Host) -> None:
    assert host.send(bytes.fromhex("4001 3000")) == b"\x27"


def test_a_type_2_page_is_read_through(host: Host) -> None:
    host.field.place(Ntag213(UID))
    host.send(bytes.fromhex("4A0100"))
    page = host.send(bytes.fromhex("4001 3000"))
    assert page is not None
    assert (page[:1], page[1:4], page[5:9]) == (b"\x00", UID[:3], UID[3:])


def test_without_crc_checking_the_card_s_crc_is_handed_on(host: Host) -> None:
    host.field.place(Ntag213(UID))
    host.send(bytes.fromhex("4A0100"))
    host.send(bytes.fromhex("08630300"))
    answer = host.send(bytes.fromhex("423000"))
    assert answer is not None
    assert answer[-2:] == crc_a(answer[1:-2])


def test_crc_a_gives_the_standard_s_example() -> None:
    # ISO/IEC 14443-3, annex B: 12 34 is sent as 12 34 26 CF.
    assert crc_a(b"\x12\x34") == b"\x26\xcf"


def test_a_released_card_sleeps_until_the_field_was_off(host: Host) -> None:
    host.field.place(Ntag213(UID))
    host.send(LIMIT_SEARCH)
    host.send(bytes.fromhex("4A0100"))
    host.send(b"\x52\x00")
    assert host.send(bytes.fromhex("4A0100")) == b"\x00"
    host.send(b"\x32\x01\x02")
    assert host.send(bytes.fromhex("4A0100")) != b"\x00"


def test_the_speed_changes_only_after_the_host_s_ack(host: Host) -> None:
    host.send(bytes.fromhex("1007"))
    assert host.chip.speed == 115_200
    host.chip.receive(frames.ACK, 115_200)
    assert host.chip.speed == 921_600
    assert host.chip.receive(frames.encode(b"\xd4\x02"), 115_200) is None
    assert host.send(b"\x02", 921_600) is not None


def test_a_nack_brings_the_last_response_again(host: Host) -> None:
    host.send(b"\x02")
    again = host.chip.receive(frames.NACK, 115_200)
    assert again is not None
    assert frames.content_of(again[0].data)[2:] == bytes.fromhex("32010607")


def test_an_ack_ends_the_running_command(host: Host) -> None:
    assert host.chip.receive(frames.ACK, 115_200) == ()


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_no_bytes_or_commands_break_it(inputs: list[bytes]) -> None:
    host = Host()
    host.field.place(Ntag424(UID, bytes(16)))
    for data in inputs:
        host.chip.receive(data, 115_200)
        host.chip.receive(frames.encode(b"\xd4" + data[:20]), 115_200)
    host.chip.power_up()
    assert host.send(b"\x02") == bytes.fromhex("32010607")
