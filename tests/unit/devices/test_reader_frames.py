"""PN532 frames (UM0701-02, 6.2.1): what is sent is what is found, whatever lies between."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.devices.readers.frames import ACK, LONGEST, NACK, START, Deframer, content_of, encode

SHORTEST, LAST_NORMAL, FIRST_EXTENDED = 1, 255, 256
BOUNDARIES = (SHORTEST, 2, 254, LAST_NORMAL, FIRST_EXTENDED, 257, 264, LONGEST)

contents = st.one_of(
    st.binary(min_size=SHORTEST, max_size=40),
    st.sampled_from(BOUNDARIES).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
)
noise = st.binary(max_size=12).filter(lambda data: START not in data)


def in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def found(pieces: list[bytes]) -> list[bytes]:
    deframer = Deframer()
    return [frame for piece in pieces for frame in deframer.feed(piece)]


def test_get_firmware_version_looks_as_in_the_manual() -> None:
    assert encode(b"\xd4\x02") == bytes.fromhex("0000FF02FED4022A00")


def test_the_error_frame_looks_as_in_the_manual() -> None:
    assert encode(b"\x7f") == bytes.fromhex("0000FF01FF7F8100")


@pytest.mark.parametrize("size", BOUNDARIES)
def test_a_frame_of_each_boundary_length_comes_back(size: int) -> None:
    content = bytes(n & 0xFF for n in range(size))
    assert [content_of(frame) for frame in found([encode(content)])] == [content]


@pytest.mark.parametrize(("size", "extended"), [(LAST_NORMAL, False), (FIRST_EXTENDED, True)])
def test_frames_over_255_bytes_are_extended(size: int, extended: bool) -> None:
    assert encode(bytes(size)).startswith(START + b"\xff\xff") is extended


@pytest.mark.parametrize("size", [0, LONGEST + 1])
def test_an_impossible_length_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="1 to 265"):
        encode(bytes(size))


@given(st.lists(st.tuples(noise, contents), max_size=4), noise, st.lists(st.integers(0, 2000)))
def test_frames_are_found_between_noise_in_any_pieces(
    sent: list[tuple[bytes, bytes]], rest: bytes, cuts: list[int]
) -> None:
    stream = b"".join(before + ACK + encode(content) for before, content in sent) + rest
    frames = found(in_pieces(stream, cuts))
    assert frames[0::2] == [ACK] * len(sent)
    assert [content_of(frame) for frame in frames[1::2]] == [content for _, content in sent]


@given(contents, st.integers(0, 300), st.integers(1, 255))
def test_a_frame_with_one_changed_byte_is_dropped(content: bytes, at: int, change: int) -> None:
    frame = bytearray(encode(content))
    assume(frame.count(START) == 1)  # no frame within the frame
    frame[at % len(frame)] ^= change
    assert [got for got in found([bytes(frame)]) if got not in (ACK, NACK)] == []


@given(contents, contents)
def test_a_damaged_frame_does_not_hide_the_next(damaged: bytes, content: bytes) -> None:
    broken = bytearray(encode(damaged))
    broken[-2] ^= 0x01
    frames = found([bytes(broken) + encode(content)])
    assert content in [content_of(frame) for frame in frames]


def test_ack_and_nack_are_told_apart() -> None:
    assert found([NACK + ACK]) == [NACK, ACK]


def test_noise_that_looks_like_a_long_frames_head_gives_way_in_the_end() -> None:
    deframer = Deframer()
    assert deframer.feed(START + b"\x80\x80" + encode(b"\xd5\x03")) == []
    assert deframer.give_up() == [encode(b"\xd5\x03")]


@given(st.binary(max_size=400))
def test_no_stream_breaks_the_search(stream: bytes) -> None:
    deframer = Deframer()
    for frame in deframer.feed(stream) + deframer.give_up():
        assert frame.startswith(START)
        assert frame in stream
