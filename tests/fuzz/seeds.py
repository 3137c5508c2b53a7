"""Where the fuzzer begins: one input for each verb, in and out of frames, and flash with records.

    PYTHONPATH=.:tests .venv/bin/python -m tests.fuzz.seeds tests/fuzz/corpus

The first letter of an input says what it is (linli/firmware_bridge/mcu/boards/fuzz/fuzz.c).
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.stepped_board import SteppedBoard

from linli.devices.simulated.board_pins import FLASH_END, SETTINGS
from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge import smp
from linli.firmware_bridge.board import Board, Settings
from linli.firmware_bridge.client import Client

READ, WRITE = smp.Op.READ, smp.Op.WRITE
NONCE = b"n" * 16
HEADER = struct.pack("<IIHHIIIII", 0x96F3B83D, 0x0800_B800, 0x200, 0, 64, 0x100, 1, 0, 0)
"""Of an image for slot B of the fuzzed board."""
REQUESTS: dict[str, tuple[smp.Op, int, int, dict[str, object]]] = {
    "echo": (WRITE, 0, 0, {"d": "hello"}),
    "reset": (WRITE, 0, 5, {}),
    "parameters": (READ, 0, 6, {}),
    "info": (READ, 65, 0, {}),
    "doors": (READ, 65, 1, {}),
    "open": (WRITE, 65, 2, {"door": 3, "nonce": NONCE}),
    "outcome": (READ, 65, 3, {"nonce": NONCE}),
    "light": (WRITE, 65, 4, {"p": 3, "door": 2}),
    "buzzer": (WRITE, 65, 5, {"p": 1}),
    "sensors": (READ, 65, 6, {}),
    "heartbeat": (WRITE, 65, 7, {"s": 1}),
    "log": (READ, 65, 8, {"boot": 0, "seq": 0, "max": 16}),
    "settings": (READ, 65, 9, {}),
    "configure": (
        WRITE,
        65,
        9,
        {"pulse": 300, "within": 900, "left": 5000, "doors": 4, "opens": False},
    ),
    "images": (READ, 1, 0, {}),
    "try": (WRITE, 1, 0, {"hash": b"h" * 32, "confirm": False}),
    "confirm": (WRITE, 1, 0, {"confirm": True}),
    "upload": (WRITE, 1, 1, {"off": 0, "len": 96, "sha": b"s" * 32, "data": HEADER + bytes(32)}),
    "upload-more": (WRITE, 1, 1, {"off": 64, "data": bytes(32)}),
    "erase": (WRITE, 1, 5, {"slot": 1}),
    "nested": (WRITE, 65, 2, {"door": [1, {"a": [2, b"x"]}], "nonce": 1.5, "more": None}),
}


def packet(name: str, sequence: int = 1) -> bytes:
    op, group, command, body = REQUESTS[name]
    return smp.packed(smp.Message(op, group, command, sequence, body))


def unframed(*names: str) -> bytes:
    """Packets, each behind its length and a moment in which a little time passes."""
    packets = [packet(name) for name in names]
    return b"".join(bytes([len(one), 0x01]) + one for one in packets)


def flash() -> bytes:
    """Settings, openings and events as a board leaves them."""
    clock = HandClock()
    board = SteppedBoard(Cabinet(6, clock.monotonic), clock)
    line = DeviceLine(board, clock)
    driver = Board(Client(line, monotonic=clock.monotonic))
    driver.configure(Settings(pulse_ms=100, within_ms=200))
    for door in range(1, 7):
        driver.open(door, bytes([door]) * 16)
        line.pause(0.5)
    kept = board.memory.flash()[SETTINGS:FLASH_END]
    board.close()
    return kept[:0x1400]  # settings and the first sectors behind them


def seeds() -> Iterator[tuple[str, bytes]]:
    for name in REQUESTS:
        yield f"line-{name}", b"l" + smp.framed(packet(name))
        yield f"packet-{name}", b"p" + unframed(name)
    yield "packets", b"p" + unframed("configure", "open", "outcome", "open", "doors", "log")
    yield "packets-update", b"p" + unframed("upload", "upload-more", "images", "try", "erase")
    yield "line-long", b"l" + smp.framed(b"\x0a\0\1\xf8\0\0\1\0" + bytes(504))
    yield "flash", b"f" + flash()


if __name__ == "__main__":
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, data in seeds():
        (directory / name).write_bytes(data)
