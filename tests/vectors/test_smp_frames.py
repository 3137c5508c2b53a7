"""SMP bytes that others published.

- Zephyr, tests/subsys/mgmt/mcumgr/os_mgmt_echo/src/main.c: an echo and its answer.
- smp 4.2.0 (JPHutchins/smp), documentation of smp.packet.encode: "Hello, world!" in lines.
- Catalogue of parametrised CRC algorithms (reveng): CRC-16/XMODEM has the check value 31C3.
"""

from __future__ import annotations

import pytest

from linli.firmware_bridge.smp import Decoder, Message, Op, checksum, framed, unpacked

TEXT = "short MCUMGR test application message..."
REQUEST = bytes.fromhex("0200002e00000100 bf6164 7828") + TEXT.encode() + b"\xff"
ANSWER = bytes.fromhex("0300002e00000100 bf6172 7828") + TEXT.encode() + b"\xff"
LINE = b"\x06\tAA9IZWxsbywgd29ybGQhet4=\n"
IN_SHORT_LINES = (
    b"\x06\tAA9I\n\x04\x14ZWxs\n\x04\x14bywg\n\x04\x14d29y\n\x04\x14bGQh\n\x04\x14et4=\n"
)


def test_zephyr_s_echo_and_its_answer_are_understood() -> None:
    request, answer = unpacked(REQUEST), unpacked(ANSWER)
    assert request == Message(Op.WRITE, 0, 0, 1, {"d": TEXT}, version=0)
    assert answer == Message(Op.WRITE_ANSWER, 0, 0, 1, {"r": TEXT}, version=0)
    assert answer.answers(request)


def test_hello_world_is_framed_as_published() -> None:
    assert framed(b"Hello, world!") == LINE


@pytest.mark.parametrize("lines", [LINE, IN_SHORT_LINES])
def test_hello_world_is_found_in_lines_of_any_length(lines: bytes) -> None:
    assert Decoder().feed(lines) == [b"Hello, world!"]


def test_the_checksum_has_its_check_value() -> None:
    assert checksum(b"123456789") == 0x31C3
