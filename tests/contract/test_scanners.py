"""What every QR scanner promises (linli/devices/scanners/base.py), on a serial port (a
pseudo-terminal) and as a keyboard (raw input events through a pipe)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from evdev import ecodes

from linli.devices.scanners.base import Scanned, ScannerState
from linli.devices.scanners.scanner import LineScanner, as_keyboard, on_serial_port
from linli.devices.simulated.field import Field
from linli.devices.simulated.pty_line import PtyLine
from linli.devices.simulated.wedge import SimulatedWedge, press, typed
from tests.contract.readers.wedge_bench import piped

PATIENCE_S = 10.0


class SerialBench:
    def __init__(self, directory: Path) -> None:
        self._line = PtyLine(directory / "scanner", lambda data, speed: None)
        self._line.plug()
        self.scanner: LineScanner = on_serial_port("front", self._line.path)

    def scan(self, code: str) -> None:
        self._line.disturb(code.encode() + b"\r\n")

    def begin(self, code: str) -> None:
        self._line.disturb(code.encode())

    def unplug(self) -> None:
        self._line.unplug()

    def replug(self) -> None:
        self._line.plug()


class KeyboardBench:
    def __init__(self, directory: Path) -> None:
        self._wedge = SimulatedWedge(directory / "event-kbd", Field())
        self.scanner: LineScanner = as_keyboard("front", self._wedge.path, piped)

    def scan(self, code: str) -> None:
        self._wedge.send(typed(code))

    def begin(self, code: str) -> None:
        self._wedge.send(typed(code, ecodes.KEY_LEFTALT))

    def unplug(self) -> None:
        self._wedge.unplug()

    def replug(self) -> None:
        self._wedge.replug()


Bench = SerialBench | KeyboardBench


@pytest.fixture
def told() -> queue.Queue[Scanned | ScannerState]:
    return queue.Queue()


@pytest.fixture(params=[SerialBench, KeyboardBench])
def bench(
    request: pytest.FixtureRequest, tmp_path: Path, told: queue.Queue[Scanned | ScannerState]
) -> Iterator[Bench]:
    bench: Bench = request.param(tmp_path)
    bench.scanner.start(told.put)
    assert state(told).up
    yield bench
    bench.scanner.close()
    bench.unplug()


def state(told: queue.Queue[Scanned | ScannerState]) -> ScannerState:
    said = told.get(timeout=PATIENCE_S)
    assert isinstance(said, ScannerState)
    return said


def text(told: queue.Queue[Scanned | ScannerState]) -> str:
    said = told.get(timeout=PATIENCE_S)
    assert isinstance(said, Scanned), said
    return said.text


Told = queue.Queue[Scanned | ScannerState]


def test_a_code_is_told_with_its_text(bench: Bench, told: Told) -> None:
    bench.scan("7kq4m2xa90tb")
    assert text(told) == "7kq4m2xa90tb"


def test_a_code_that_is_held_there_is_told_once(bench: Bench, told: Told) -> None:
    for _ in range(5):
        bench.scan("abc")
    bench.scan("xyz")
    assert [text(told), text(told)] == ["abc", "xyz"]


def test_half_a_code_does_not_spoil_the_next(bench: Bench, told: Told) -> None:
    bench.begin("half")
    threading.Event().wait(1.2)
    bench.scan("whole")
    assert text(told) == "whole"


def test_a_scanner_pulled_out_says_so_and_comes_back(bench: Bench, told: Told) -> None:
    for code in ("abc", "abd", "abe"):
        bench.unplug()
        assert not state(told).up
        bench.replug()
        assert state(told).up
        bench.scan(code)
        assert text(told) == code


def test_any_bytes_on_the_line_are_a_text_or_none(tmp_path: Path, told: Told) -> None:
    line = PtyLine(tmp_path / "scanner", lambda data, speed: None)
    line.plug()
    scanner = on_serial_port("front", line.path)
    scanner.start(told.put)
    state(told)
    line.disturb(b"\xff\xfe\x00\r\r\n\n" + bytes(2000) + b"\r\n")
    line.disturb(b"good\r\n")
    heard = [text(told)]
    while heard[-1] != "good":
        heard.append(text(told))
    scanner.close()
    line.unplug()
    assert all(len(one) <= 3100 for one in heard)


def test_a_qr_code_s_capitals_are_typed_with_shift(tmp_path: Path, told: Told) -> None:
    wedge = SimulatedWedge(tmp_path / "event-kbd", Field())
    scanner = as_keyboard("front", wedge.path, piped)
    scanner.start(told.put)
    state(told)
    shift = press(ecodes.KEY_LEFTSHIFT)
    half = len(shift) // 2
    wedge.send(shift[:half] + press(ecodes.KEY_Q) + shift[half:] + typed("r"))
    assert text(told) == "Qr"
    scanner.close()
    wedge.unplug()


def test_a_missing_scanner_is_named_with_its_path(tmp_path: Path, told: Told) -> None:
    scanner = on_serial_port("front", tmp_path / "none")
    scanner.start(told.put)
    down = state(told)
    scanner.close()
    assert (down.up, str(tmp_path / "none") in down.reason) == (False, True)


def test_a_mistyped_keyboard_is_told_with_those_that_are_there(tmp_path: Path, told: Told) -> None:
    (tmp_path / "usb-Scanner-event-kbd").touch()
    scanner = as_keyboard("front", tmp_path / "usb-Skanner-event-kbd", piped)
    scanner.start(told.put)
    down = state(told)
    scanner.close()
    assert "keyboards here: usb-Scanner-event-kbd" in down.reason
