"""Codes held before a whole terminal's scanner, without any network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from doubles.waiting import eventually, stays

from linli.devices.readers.pn532 import Pn532
from linli.devices.scanners.scanner import on_serial_port
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.pty_line import PtyLine
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.flows.views import Home, Reader, Refused, Screen, Success, Trouble
from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.terminal import Terminal
from linli.town.clock import TownClock
from tests.system.kiosk_at_work import PEOPLE, KioskAtWork


@dataclass
class Scanning:
    """A terminal at rest, with a reader and a scanner."""

    reader: SimulatedReader
    line: PtyLine
    screens: list[Screen]

    def scan(self, text: str) -> None:
        self.line.disturb(text.encode() + b"\r")

    def says(self, trouble: Trouble) -> None:
        eventually(lambda: self.screens[-1].view == Refused(trouble))


@pytest.fixture
def scanning(tmp_path: Path) -> Iterator[Scanning]:
    reader = SimulatedReader(tmp_path / "reader")
    line = PtyLine(tmp_path / "scanner", lambda data, speed: None)
    line.plug()
    kiosk = KioskAtWork(tmp_path, reader, 'public_url = "https://points.example"\n')
    screens: list[Screen] = []
    terminal = Terminal(
        read_settings(kiosk.settings, TerminalSettings),
        TownClock(tmp_path / "clock"),
        [Pn532("reader-1", reader.path)],
        screens.append,
        scanners=[on_serial_port("scanner-1", line.path)],
    )
    terminal.start()
    eventually(lambda: screens and screens[-1].status.reader is Reader.READY)
    eventually(lambda: isinstance(screens[-1].view, Home))
    yield Scanning(reader, line, screens)
    terminal.close()
    reader.close()
    line.unplug()


def test_each_kind_of_code_gets_its_answer(scanning: Scanning) -> None:
    scanning.scan("https://points.example/merchant/check?code=7KQ4M2XA90TB")
    scanning.says(Trouble.VOUCHER_AT_SHOP)
    scanning.scan("wxp://f2f0abc")
    scanning.says(Trouble.NOT_OUR_CODE)
    scanning.scan("https://points.example/me/link?t=AbC")
    scanning.says(Trouble.SCAN_WITH_PHONE)


def test_a_code_takes_nobody_s_screen_away(scanning: Scanning) -> None:
    scanning.reader.field.place(Ntag213(PEOPLE["r-1"]))
    eventually(lambda: isinstance(scanning.screens[-1].view, Success))
    scanning.scan("6901234567892")
    stays(lambda: isinstance(scanning.screens[-1].view, Success))


def test_a_scanner_pulled_out_does_not_keep_cards_out(scanning: Scanning) -> None:
    scanning.line.unplug()
    scanning.reader.field.place(Ntag213(PEOPLE["r-1"]))
    eventually(lambda: isinstance(scanning.screens[-1].view, Success))
    assert scanning.screens[-1].status.reader is Reader.READY
    scanning.line.plug()
