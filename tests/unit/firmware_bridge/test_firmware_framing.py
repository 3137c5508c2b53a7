"""How the firmware finds packets in what comes over its line: exactly those that the bridge finds.

Random lengths miss what happens where a piece ends with a line, a quad of base64 with a piece, or
a packet with the buffer: these lengths are named.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from doubles.clock import HandClock
from doubles.stepped_board import SteppedBoard
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge import smp

LONGEST = 1024
"""Bytes of the longest packet the firmware takes."""
AROUND = 4
"""Bytes that length and checksum add to a packet."""
LEAST = smp.HEADER.size + 4
"""Of an echo with an empty text."""
FULL_LINES = [smp.PIECE * lines - AROUND for lines in range(1, 12)]
BOUNDARIES = sorted(
    {size + off for size in [*FULL_LINES, LEAST + 23, LEAST + 255, LONGEST] for off in range(-3, 4)}
    & set(range(LEAST, LONGEST + 1))
)


@pytest.fixture(scope="module")
def board() -> Iterator[SteppedBoard]:
    clock = HandClock()
    board = SteppedBoard(Cabinet(6, clock.monotonic), clock)
    yield board
    board.close()


def echo(size: int, sequence: int = 0) -> bytes:
    """A packet of so many bytes. Raises ValueError where the text's length would need one more."""
    for text in range(max(0, size - LEAST - 3), size - LEAST + 1):
        packet = smp.packed(smp.Message(smp.Op.WRITE, 0, 0, sequence, {"d": "x" * text}))
        if len(packet) == size:
            return packet
    raise ValueError(f"no echo has {size} bytes")


def answered(board: SteppedBoard, stream: bytes) -> list[int]:
    """The sequence numbers of the packets that the firmware answered."""
    answers = board.receive(b"\n" + stream + b"\n")
    return [smp.unpacked(packet).sequence for packet in smp.Decoder().feed(answers)]


def possible(size: int) -> bool:
    try:
        echo(size)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("size", [size for size in BOUNDARIES if possible(size)])
def test_a_packet_of_a_boundary_length_comes_through_whole(board: SteppedBoard, size: int) -> None:
    answers = board.receive(b"\n" + smp.framed(echo(size)))
    (packet,) = smp.Decoder().feed(answers)
    assert len(packet) == size
    assert smp.unpacked(packet).body["r"] == smp.unpacked(echo(size)).body["d"]


@pytest.mark.parametrize("size", [LONGEST + 1, LONGEST + 2, LONGEST + 3, LONGEST + 93, 4000])
def test_a_packet_that_is_too_long_is_left_out_and_the_next_is_heard(
    board: SteppedBoard, size: int
) -> None:
    assert answered(board, smp.framed(echo(size, 1))[:3000] + smp.framed(echo(60, 2))) == [2]


def test_a_console_s_line_ends_do_no_harm(board: SteppedBoard) -> None:
    whole = smp.framed(echo(200, 7))
    assert answered(board, whole.replace(b"\n", b"\r\n")) == [7]


@pytest.mark.parametrize("begun", [0, 4, 40])
def test_only_what_stands_behind_the_last_marker_of_a_line_counts(
    board: SteppedBoard, begun: int
) -> None:
    first, second, third = smp.framed(echo(200, 8)).splitlines(keepends=True)
    assert answered(board, first + second[: 2 + begun] + second + third) == [8]
    assert answered(board, first[: 2 + begun] + first + second + third) == [8]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 0xFFFF])
def test_a_frame_whose_length_is_a_lie_disturbs_nobody(board: SteppedBoard, length: int) -> None:
    lie = length.to_bytes(2, "big") + b"12345678"
    frame = b"\x06\x09" + base64.b64encode(lie) + b"\n"
    assert answered(board, frame + smp.framed(echo(40, 3))) == [3]


sizes = st.sampled_from([size for size in BOUNDARIES if size < 400 and possible(size)])
noise = st.binary(max_size=40)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Frames with noise between them, some of them with a byte changed, lost or put in."""
    pieces = []
    for sequence in range(draw(st.integers(1, 4))):
        frame = bytearray(smp.framed(echo(draw(sizes), sequence + 1)))
        for _ in range(draw(st.integers(0, 2))):
            at = draw(st.integers(0, len(frame) - 1))
            how = draw(st.sampled_from(["change", "lose", "put in", "end the line"]))
            if how == "lose":
                del frame[at]
            elif how == "put in":
                frame.insert(at, draw(st.sampled_from(b"\x06\x09\x04\x14\n\rA=")))
            elif how == "end the line":
                frame[at : at + 1] = smp.END
            else:
                frame[at] ^= 1 << draw(st.integers(0, 7))
        pieces += [draw(noise), b"\n", bytes(frame)]
    return b"".join(pieces)


@given(stream=streams())
@settings(max_examples=300, deadline=None)
def test_the_firmware_finds_what_the_bridge_finds(board: SteppedBoard, stream: bytes) -> None:
    found = smp.Decoder().feed(b"\n" + stream + b"\n")
    expected = [smp.unpacked(packet).sequence for packet in found if len(packet) <= LONGEST]
    assert answered(board, stream) == expected


@given(data=st.binary(max_size=600))
@settings(max_examples=100, deadline=None)
def test_whatever_comes_the_next_request_is_answered(board: SteppedBoard, data: bytes) -> None:
    board.receive(data)
    assert answered(board, smp.framed(echo(50, 9)))[-1] == 9
