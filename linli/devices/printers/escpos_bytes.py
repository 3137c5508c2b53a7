"""A slip as ESC/POS commands: the only file that touches `escpos`, which has no types.

Used is python-escpos' Dummy printer, which makes the bytes of sizes, QR codes and the cutter.
Text is sent as GB 18030 after `FS &`, as python-escpos knows no Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator

import segno

from linli.devices.printers.slip import Paper, Slip, clean, laid_out, wrapped

RESET, CHINESE = b"\x1b@", b"\x1c&"
LEFT, MIDDLE = b"\x1ba\x00", b"\x1ba\x01"
QUIET = 8
"""Modules of white that a code needs at its sides, both together (ISO/IEC 18004)."""
LARGEST, SMALLEST = 8, 3
"""Dots of a module: 1 mm is more than phones need, below 0.4 mm they fail."""


def commands(slip: Slip, paper: Paper) -> bytes:
    """All commands for one slip, from the reset to the cut. Raises ValueError if the QR code would
    be wider than the paper."""
    # Not at the top: a terminal whose printer is never used is spared 6 MB and a sixth of a second.
    from escpos.constants import QR_ECLEVEL_M
    from escpos.printer import Dummy

    printer = Dummy()
    printer._raw(RESET + CHINESE)
    for part in _head(slip, paper):
        printer._raw(part)
    if slip.qr:
        printer._raw(b"\n" + MIDDLE)
        printer.qr(slip.qr, ec=QR_ECLEVEL_M, size=_module(slip.qr, paper), native=True)
        printer._raw(b"\n")
    for row in wrapped(clean(slip.footer), paper.columns):
        printer._raw(MIDDLE + _text(row))
    printer._raw(LEFT)
    printer.cut(mode="PART")
    return bytes(printer.output)


def _module(text: str, paper: Paper) -> int:
    """The printer makes the code; how many modules it has follows from the text."""
    modules, _ = segno.make(text, error="m", boost_error=False, micro=False).symbol_size(border=0)
    dots = min(LARGEST, paper.dots // (int(modules) + QUIET))
    if dots < SMALLEST:
        raise ValueError(f"a QR code of {len(text)} characters does not fit on this paper")
    return dots


def _head(slip: Slip, paper: Paper) -> Iterator[bytes]:
    large, plain = b"\x1d!\x11\x1c!\x0c", b"\x1d!\x00\x1c!\x00"
    yield MIDDLE + large
    for row in wrapped(clean(slip.title), paper.columns // 2):
        yield _text(row)
    yield plain + LEFT + _text("-" * paper.columns)
    for line in slip.lines:
        for row in laid_out(line, paper.columns):
            yield _text(row)
    yield _text("-" * paper.columns)


def _text(row: str) -> bytes:
    return row.encode("gb18030") + b"\n"
