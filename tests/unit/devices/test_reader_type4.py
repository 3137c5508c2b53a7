"""Reading an NDEF message: which commands are sent, and what each answer means."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.readers.type4 import (
    CHUNK,
    LONGEST,
    MalformedAnswerError,
    ndef_reading,
    parse_response,
    read_binary,
    select_application,
    select_file,
)

OK, NOT_FOUND = b"\x90\x00", b"\x6a\x82"


def read(answer: Callable[[bytes], bytes]) -> tuple[bytes | None, list[bytes]]:
    """Runs a reading against `answer`; gives the message and the commands."""
    reading = ndef_reading()
    sent = [next(reading)]
    while True:
        try:
            sent.append(reading.send(answer(sent[-1])))
        except StopIteration as done:
            return done.value, sent


def card(message: bytes) -> Callable[[bytes], bytes]:
    file = len(message).to_bytes(2, "big") + message

    def answer(command: bytes) -> bytes:
        if command[1] != 0xB0:
            return OK
        offset = int.from_bytes(command[2:4], "big")
        return file[offset : offset + command[4]] + OK

    return answer


def test_a_short_message_takes_four_exchanges() -> None:
    message, commands = read(card(b"hello"))
    assert message == b"hello"
    assert [command.hex() for command in commands] == [
        "00a4040007d276000085010100",
        "00a4000c02e104",
        "00b0000002",
        "00b0000205",
    ]


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, LONGEST])
def test_a_message_of_any_length_comes_in_whole(size: int) -> None:
    message = bytes(n % 251 for n in range(size))
    assert read(card(message))[0] == message


@pytest.mark.parametrize("size", [0, LONGEST + 1, 0xFFFF])
def test_an_empty_or_endless_message_counts_as_none(size: int) -> None:
    message, commands = read(lambda _: size.to_bytes(2, "big") + OK)
    assert (message, len(commands)) == (None, 3)


@pytest.mark.parametrize("refused", range(4))
def test_a_card_that_refuses_has_no_message(refused: int) -> None:
    answers = [OK, OK, b"\x00\x05" + OK, b"hello" + OK]
    answers[refused] = NOT_FOUND
    waiting = iter(answers)
    assert read(lambda _: next(waiting))[0] is None


@pytest.mark.parametrize("answer", [b"", b"\x90", b"\x00" + OK, b"\x00\x01\x02" + OK])
def test_an_answer_that_does_not_deliver_is_malformed(answer: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read(lambda command: answer if command[1] == 0xB0 else OK)


@given(st.lists(st.binary(max_size=260), min_size=60, max_size=60))
def test_no_card_makes_a_reading_endless_or_break_otherwise(answers: list[bytes]) -> None:
    waiting = iter(answers)
    message: bytes | None = None
    with contextlib.suppress(MalformedAnswerError):
        message, _ = read(lambda _: next(waiting))
    assert message is None or 0 < len(message) <= LONGEST


def test_commands_are_the_standards_own() -> None:
    assert select_application(b"\xd2\x76").hex() == "00a4040002d27600"
    assert select_file(0xE103).hex() == "00a4000c02e103"
    assert read_binary(0x1234, 240).hex() == "00b01234f0"


def test_a_response_is_data_and_status() -> None:
    response = parse_response(b"ab\x6a\x82")
    assert (response.data, response.status, response.ok) == (b"ab", 0x6A82, False)
