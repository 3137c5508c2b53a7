"""nfcpy's chip set fed with sound frames of any content: whatever it stumbles over comes out as
one of this driver's own errors, or the reader's thread would die of it."""

from __future__ import annotations

import contextlib
import errno
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.devices.readers import frames
from linli.devices.readers.frontend import CardLostError, ReaderLineError
from linli.devices.readers.line import SerialLine
from linli.devices.readers.pn532 import chip_on
from linli.devices.simulated.field import Field
from linli.devices.simulated.pn532_chip import Pn532Chip


class Line:
    """A line straight into the simulated chip; the answers in `false` take the place of its
    own, one after the other, once the chip is set up. None is silence."""

    TYPE, gone, port = "TTY", False, "none"

    def __init__(self) -> None:
        self.baudrate = 115_200
        self.false: list[bytes | None] = []
        self.lying = False
        self._chip = Pn532Chip(Field())
        self._replies: list[bytes] = []

    def write(self, frame: bytes) -> None:
        replies = self._chip.receive(frame, self.baudrate) or ()
        self._replies = [reply.data for reply in replies]

    def read(self, timeout: int) -> bytearray:
        if not self._replies:
            raise OSError(errno.ETIMEDOUT, "silence")
        reply = self._replies.pop(0)
        if not self.lying or reply == frames.ACK:
            return bytearray(reply)
        answer = self.false.pop(0) if self.false else None
        if answer is None:
            raise OSError(errno.ETIMEDOUT, "silence")
        return bytearray(answer)

    def close(self) -> None:
        """Nothing is open."""


contents = st.one_of(
    st.binary(min_size=1, max_size=30),
    st.binary(max_size=30).map(lambda rest: b"\xd5\x4b" + rest),
    st.binary(max_size=30).map(lambda rest: b"\xd5\x41" + rest),
    st.binary(max_size=10).map(lambda rest: b"\xd5\x33" + rest),
)
answers = st.lists(st.none() | contents.map(frames.encode), max_size=6)


@settings(max_examples=300, deadline=None)
@given(false=answers)
def test_polling_raises_only_the_drivers_own_errors(false: list[bytes | None]) -> None:
    line = Line()
    chip = chip_on(cast(SerialLine, cast(Any, line)))
    line.lying, line.false = True, false
    for verb in (chip.find, lambda: chip.exchange(b"\x00\xa4"), chip.field_off, chip.find):
        with contextlib.suppress(ReaderLineError, CardLostError):
            verb()
    chip.close()


@settings(max_examples=200, deadline=None)
@given(false=answers)
def test_setting_up_raises_only_the_drivers_own_errors(false: list[bytes | None]) -> None:
    line = Line()
    line.lying, line.false = True, [frames.encode(b"\xd5\x03\x32\x01\x06\x07"), *false]
    with pytest.raises(ReaderLineError):
        chip_on(cast(SerialLine, cast(Any, line)))
