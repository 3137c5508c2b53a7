"""A receipt printer at its serial line: ESC/POS bytes in, paper and status bytes out.

Understood are the commands of a slip and the questions about its state, as Epson's ESC/POS
reference describes them for TM-T20 and TM-T88, with Chinese as GB 18030 in two or four bytes. What
is not understood is kept in `unknown`, so that tests find it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from linli.devices.simulated.receipt import QrRow, Receipt, Row, TextRow, cells

ASKED = re.compile(rb"\x10\x04([\x01-\x04])")
FORGET = bytes.fromhex("10140801031401060208")
BUFFER = 4096
ESC, FS, GS = 0x1B, 0x1C, 0x1D
LENGTHS = {
    (ESC, ord("@")): 2,
    (ESC, ord("a")): 3,
    (ESC, ord("d")): 3,
    (FS, ord("&")): 2,
    (FS, ord(".")): 2,
    (FS, ord("!")): 3,
    (GS, ord("!")): 3,
    (GS, ord("r")): 3,
    (GS, ord("V")): 3,
}
CUT_AND_FEED = (b"\x1dVA", b"\x1dVB")


@dataclass
class _Style:
    """As ESC @ sets it."""

    centred: bool = False
    large: bool = False
    large_chinese: bool = False
    chinese: bool = False
    qr_dots: int = 3
    qr_text: str = ""


class EscposChip:
    """One printer with `dots` across its paper.

    Switches: `paper_low`, `cover_open`, `cutter_jammed`, and `rows_left`, the rows until the paper
    is out (None: plenty). `receipts` were cut off, `hanging` is what came out since.
    """

    def __init__(self, dots: int, row_s: float, monotonic: Callable[[], float]) -> None:
        self.paper_low = self.cover_open = self.cutter_jammed = False
        self.rows_left: int | None = None
        self.receipts: list[Receipt] = []
        self.unknown: list[bytes] = []
        self._dots = dots
        self._row_s = row_s
        self._monotonic = monotonic
        self.power_up()

    def power_up(self) -> None:
        """What was received is forgotten; what hangs out stays."""
        self.hanging = getattr(self, "hanging", Receipt(self._dots))
        self._buffer = b""
        self._row = ""
        self._style = _Style()
        self._busy_until = 0.0

    @property
    def can_print(self) -> bool:
        return not (self.cover_open or self.rows_left == 0 or self.cutter_jammed)

    def receive(self, data: bytes) -> bytes:
        """Questions in real time are answered at once, whatever waits in the buffer."""
        answers = b"".join(self._at_once(found[1][0]) for found in ASKED.finditer(data))
        if FORGET in data:
            self._buffer, self._row = b"", ""
        data = ASKED.sub(b"", data).rpartition(FORGET)[2]
        self._buffer = (self._buffer + data)[:BUFFER]
        return answers

    def tick(self) -> bytes:
        """Print on, a row at a time, as long as it can."""
        answers = b""
        while self._buffer and self.can_print and self._monotonic() >= self._busy_until:
            taken, answer = self._step(self._buffer)
            if not taken:
                break
            self._buffer = self._buffer[taken:]
            answers += answer
        return answers

    # --- status --------------------------------------------------------------------------------

    def _at_once(self, question: int) -> bytes:
        out = self.rows_left == 0
        bits = {
            1: 0 if self.can_print else 0x08,
            2: (0x04 if self.cover_open else 0)
            | (0x20 if out else 0)
            | (0x40 if self.cutter_jammed else 0),
            3: 0x08 if self.cutter_jammed else 0,
            4: (0x0C if self.paper_low or out else 0) | (0x60 if out else 0),
        }
        return bytes([0x12 | bits[question]])

    def _in_turn(self) -> bytes:
        return bytes([0x03 if self.paper_low else 0x00])

    # --- commands ------------------------------------------------------------------------------

    def _step(self, data: bytes) -> tuple[int, bytes]:
        """How many bytes one step took, 0 while the rest of it has not come."""
        if data[0] in (ESC, FS, GS):
            return self._command(data)
        if data[0] == 0x0A:
            self._end_row()
            return 1, b""
        size = _size(data) if self._style.chinese else 1
        if len(data) < size:
            return 0, b""
        character = data[:size].decode("gb18030", errors="replace")
        if not character.isprintable():
            self.unknown.append(data[:size])
            return size, b""
        if self._columns(self._row + character) > self._dots // 12:
            self._end_row()  # a row that is too long goes on in the next
        self._row += character
        return size, b""

    def _command(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 2:
            return 0, b""
        if (data[0], data[1]) == (GS, ord("(")):
            return self._code(data)
        size = 4 if data[:3] in CUT_AND_FEED else LENGTHS.get((data[0], data[1]), 2)
        return (size, self._do(data[:size])) if len(data) >= size else (0, b"")

    def _do(self, command: bytes) -> bytes:
        match command[0], chr(command[1]):
            case 0x1B, "@":
                self._style, self._row = _Style(), ""
            case 0x1B, "d":
                self._feed(command[2])
            case 0x1D, "r":
                return self._in_turn()
            case 0x1D, "V":
                self._cut()
            case _:
                self._set(command)
        return b""

    def _set(self, command: bytes) -> None:
        style = self._style
        match command[0], chr(command[1]):
            case 0x1B, "a":
                style.centred = command[2] in (1, 49)
            case 0x1C, "&":
                style.chinese = True
            case 0x1C, ".":
                style.chinese = False
            case 0x1C, "!":
                style.large_chinese = command[2] & 0x0C == 0x0C
            case 0x1D, "!":
                style.large = command[2] == 0x11
            case _:
                self.unknown.append(command)

    def _code(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 8:
            return 0, b""
        size = 5 + int.from_bytes(data[3:5], "little")
        if len(data) < size:
            return 0, b""
        function, rest = data[6], data[7:size]
        match function:
            case 67:
                self._style.qr_dots = rest[0]
            case 80:
                self._style.qr_text = rest[1:].decode(errors="replace")
            case 81:
                style = self._style
                self._put(QrRow(style.qr_text, style.qr_dots, style.centred))
            case 65 | 69:
                pass
            case _:
                self.unknown.append(data[:size])
        return size, b""

    # --- paper ---------------------------------------------------------------------------------

    def _columns(self, row: str) -> int:
        return cells(row) * (2 if self._style.large else 1)

    def _end_row(self) -> None:
        style = self._style
        self._put(TextRow(self._row, style.centred, 2 if style.large else 1))
        self._row = ""

    def _feed(self, rows: int) -> None:
        for _ in range(rows):
            if self.can_print:
                self._put(TextRow(""))

    def _put(self, row: Row) -> None:
        self.hanging.rows.append(row)
        if self.rows_left is not None:
            self.rows_left = max(0, self.rows_left - 1)
        self._busy_until = self._monotonic() + self._row_s

    def _cut(self) -> None:
        self.hanging.cut = True
        self.receipts.append(self.hanging)
        self.hanging = Receipt(self._dots)


def _size(data: bytes) -> int:
    """Bytes of the GB 18030 character that begins here."""
    if data[0] < 0x81:
        return 1
    return 4 if len(data) > 1 and 0x30 <= data[1] <= 0x39 else 2
