"""SMP over a line: what is sent is what is found, whatever lies between."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.firmware_bridge.smp import (
    CONTINUED,
    FIRST,
    HEADER,
    LONGEST,
    LONGEST_LINE,
    PIECE,
    Decoder,
    MalformedMessageError,
    Message,
    Op,
    framed,
    packed,
    unpacked,
)

OVERHEAD = 4
"""Length and checksum around a packet."""
BOUNDARIES = sorted(
    {0, 1, 2, LONGEST - 1, LONGEST}
    | {lines * PIECE - OVERHEAD + by for lines in (1, 2, 3) for by in (-3, -2, -1, 0, 1, 2, 3)}
)

packets = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([size for size in BOUNDARIES if size < 1000]).flatmap(
        lambda size: st.binary(min_size=size, max_size=size)
    ),
)
noise = st.binary(max_size=200).filter(lambda data: FIRST not in data and CONTINUED not in data)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text(max_size=20)
    | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
messages = st.builds(
    Message,
    op=st.sampled_from(Op),
    group=st.integers(0, 0xFFFF),
    command=st.integers(0, 0xFF),
    sequence=st.integers(0, 0xFF),
    body=st.dictionaries(st.text(max_size=8), values, max_size=5),
    version=st.integers(0, 3),
)


def in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def found(pieces: list[bytes]) -> list[bytes]:
    decoder = Decoder()
    return [packet for piece in pieces for packet in decoder.feed(piece)]


@given(messages)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert unpacked(packed(message)) == message


@pytest.mark.parametrize("size", BOUNDARIES)
def test_a_packet_of_each_boundary_length_comes_back(size: int) -> None:
    packet = bytes(n & 0xFF for n in range(size))
    assert found([framed(packet)]) == [packet]


@pytest.mark.parametrize("size", BOUNDARIES)
def test_no_line_is_longer_than_allowed(size: int) -> None:
    lines = framed(bytes(size)).splitlines(keepends=True)
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert lines[0].startswith(FIRST)
    assert all(line.startswith(CONTINUED) for line in lines[1:])


def test_a_packet_over_the_longest_is_refused() -> None:
    with pytest.raises(ValueError, match="65533"):
        framed(bytes(LONGEST + 1))


@pytest.mark.parametrize(
    "wrong",
    [
        Message(Op.READ, 0x1_0000, 0, 0, {}),
        Message(Op.READ, 0, 0x100, 0, {}),
        Message(Op.READ, 0, 0, -1, {}),
        Message(Op.READ, 0, 0, 0, {"d": bytes(LONGEST)}),
    ],
)
def test_a_message_that_does_not_fit_is_refused(wrong: Message) -> None:
    with pytest.raises(ValueError, match=r"does not fit|holds"):
        packed(wrong)


@given(st.lists(st.tuples(noise, packets), max_size=4), noise, st.lists(st.integers(0, 4000)))
def test_packets_are_found_between_noise_in_any_pieces(
    sent: list[tuple[bytes, bytes]], rest: bytes, cuts: list[int]
) -> None:
    stream = b"".join(b"\n" + before + b"\n" + framed(packet) for before, packet in sent) + rest
    assert found(in_pieces(stream, cuts)) == [packet for _, packet in sent]


@given(noise, packets)
def test_noise_right_before_a_packet_does_not_hide_it(before: bytes, packet: bytes) -> None:
    assert found([before + framed(packet)]) == [packet]


@given(packets, st.data())
def test_a_packet_broken_off_does_not_hide_the_next(packet: bytes, data: st.DataObject) -> None:
    whole = framed(packet)
    begun = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert found([begun + framed(b"the next")]) == [b"the next"]


@given(packets, st.integers(0), st.integers(1, 255))
def test_a_changed_byte_never_gives_another_packet(packet: bytes, at: int, by: int) -> None:
    damaged = bytearray(framed(packet))
    damaged[at % len(damaged)] ^= by
    assert found([bytes(damaged)]) in ([], [packet])


@given(st.lists(st.binary(max_size=400), max_size=8))
def test_garbage_ends_in_nothing_or_in_sound_packets_and_is_not_kept(pieces: list[bytes]) -> None:
    decoder = Decoder()
    for piece in pieces:
        decoder.feed(piece)
    assert decoder.feed(b"\n" + framed(b"after all that")) == [b"after all that"]


@given(st.binary(max_size=60))
def test_a_packet_that_is_no_message_is_said_to_be_none(packet: bytes) -> None:
    try:
        message = unpacked(packet)
    except MalformedMessageError:
        return
    assert isinstance(message.body, dict)


@given(st.binary(max_size=60))
def test_a_map_that_is_no_map_is_said_to_be_none(data: bytes) -> None:
    try:
        unpacked(HEADER.pack(0x0B, 0, len(data), 65, 1, 0) + data)
    except MalformedMessageError:
        return


def test_a_last_letter_that_was_altered_is_no_letter() -> None:
    line = framed(b"abc")  # seven bytes with length and checksum: the last letter has bits to spare
    assert line.endswith(b"==\n")
    other = line[:-4] + bytes([line[-4] + 1]) + line[-3:]
    assert Decoder().feed(line) == [b"abc"]
    assert Decoder().feed(other) == []


def test_a_carriage_return_before_the_newline_is_a_console_s() -> None:
    assert found([framed(bytes(200)).replace(b"\n", b"\r\n")]) == [bytes(200)]


def test_a_continuation_without_a_beginning_is_nothing() -> None:
    assert found([CONTINUED + b"AAAA\n"]) == []
